import { Analytics } from '@segment/analytics-node';
import { contactIdOf } from '../../src/shared/ids.ts';
import { ADMIN, basic, startService, WRITE_KEY, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.db.database.run({
    name: 'test-empty',
    text: 'TRUNCATE event, inbox, rejected_event, refused_trait',
  });
});

interface Stored {
  type: string;
  name: string;
  user_id: string | null;
  properties: Record<string, unknown>;
  context: Record<string, unknown> | null;
  historical: boolean;
  at: number;
  received_at: number;
}
const stored = (): Promise<Stored[]> =>
  service.db.database.run<Stored>({ name: 'test-stored', text: 'SELECT * FROM event ORDER BY seq' });
const track = { userId: 'ada', event: 'Order Completed' };
const get = async (path: string): Promise<{ status: number; body: any }> => {
  const response = await fetch(`${service.url}${path}`, {
    headers: { authorization: basic(ADMIN.email, ADMIN.password) },
  });
  return { status: response.status, body: await response.json() };
};

describe('what real clients send is taken', () => {
  test.each([
    ['t', 'track', { event: 'X' }],
    ['i', 'identify', { traits: {} }],
    ['p', 'page', { name: 'Home' }],
    ['s', 'screen', { name: 'Home' }],
    ['g', 'group', { groupId: 'acme' }],
    ['a', 'alias', { previousId: 'visitor' }],
  ])('/v1/%s is %s', async (path, type, call) => {
    expect((await service.post(`/v1/${path}`, { userId: 'ada', ...call })).status).toBe(200);
    expect(await stored()).toMatchObject([{ type }]);
  });

  test('/v1/b is a batch, with the write key in its body', async () => {
    const body = { batch: [{ type: 'track', ...track }], writeKey: WRITE_KEY };
    expect((await service.post('/v1/b', body, { authorization: undefined })).status).toBe(200);
    expect(await stored()).toHaveLength(1);
  });

  test('/v1/import is history, unless a call or the batch says otherwise, and corrects no clock', async () => {
    const batch = [
      { type: 'track', ...track, timestamp: '2020-05-01T10:00:00Z' },
      { type: 'track', ...track, event: 'Now', context: { historical: false } },
    ];
    const sentAt = '2019-01-01T00:00:00Z';
    expect((await service.post('/v1/import', { batch, sentAt })).status).toBe(200);
    expect(await stored()).toMatchObject([
      { historical: true, at: Date.parse('2020-05-01T10:00:00Z') },
      { name: 'Now', historical: false },
    ]);
    const body = { batch: [{ type: 'track', ...track, event: 'Later' }], context: { historical: false } };
    await service.post('/v1/import', body);
    expect((await stored()).at(-1)).toMatchObject({ name: 'Later', historical: false });
  });

  test('PHP writes an empty map as a list, and nothing as an empty text', async () => {
    const batch = [
      { type: 'track', ...track, properties: [], context: [], integrations: [] },
      { type: 'identify', userId: 'ada', traits: [] },
      { type: 'group', userId: 'ada', groupId: 'acme', traits: [] },
      { type: 'page', anonymousId: 'visitor', userId: '', name: '', category: '', properties: [] },
      { type: 'track', ...track, messageId: '', timestamp: '' },
    ];
    const response = await service.post('/v1/batch', { batch, context: [] });
    expect(await response.json()).toEqual({ success: true });
    expect(await stored()).toMatchObject([
      { properties: {} },
      { properties: {} },
      { properties: { groupId: 'acme' } },
      { properties: {}, user_id: null },
      { name: 'Order Completed' },
    ]);
  });

  test('the bodies of the clients for PHP, Python, Ruby, Go and the browser, as they go over the wire', async () => {
    const bodies: [string, object][] = [
      // segmentio/analytics-php 3
      [
        '/v1/batch',
        {
          batch: [
            {
              userId: 'php',
              event: 'PHP',
              properties: [],
              context: { library: { name: 'analytics-php', version: '3.8.1', consumer: 'LibCurl' } },
              timestamp: '2026-03-01T08:00:00.123456+00:00',
              messageId: 'a1a2a3a4',
              type: 'track',
            },
          ],
          sentAt: '2026-03-01T08:00:01+00:00',
          writeKey: WRITE_KEY,
        },
      ],
      // segment-analytics-python 2
      [
        '/v1/batch',
        {
          batch: [
            {
              integrations: {},
              anonymousId: null,
              properties: { total: 5 },
              timestamp: '2026-03-01T08:00:00.123456+00:00',
              context: { library: { name: 'analytics-python', version: '2.3.3' } },
              userId: 'python',
              type: 'track',
              event: 'Python',
              messageId: 'c5c6',
            },
            {
              integrations: {},
              anonymousId: null,
              properties: {},
              timestamp: '2026-03-01T08:00:00+00:00',
              context: {},
              userId: 'python',
              category: null,
              name: null,
              type: 'page',
              messageId: 'c7',
            },
          ],
          sentAt: '2026-03-01T08:00:01.5+00:00',
          writeKey: WRITE_KEY,
        },
      ],
      // analytics-ruby 2
      [
        '/v1/batch',
        {
          batch: [
            {
              context: { library: { name: 'analytics-ruby', version: '2.5.0' } },
              messageId: 'd8',
              timestamp: '2026-03-01T09:00:00.000+01:00',
              userId: 17,
              type: 'page',
              name: '',
              properties: {},
            },
          ],
          sentAt: '2026-03-01T09:00:01.000+01:00',
        },
      ],
      // analytics-go 3
      [
        '/v1/batch',
        {
          batch: [
            {
              type: 'track',
              messageId: 'e9',
              userId: 'go',
              event: 'Go',
              timestamp: '2026-03-01T08:00:00.123456789Z',
            },
          ],
          messageId: 'e10',
          sentAt: '2026-03-01T08:00:00.223456789Z',
          context: { library: { name: 'analytics-go', version: '3.0.0' } },
        },
      ],
      // analytics.js 2, and RudderStack's, which both post single calls as text
      [
        '/v1/t',
        {
          timestamp: '2026-03-01T08:00:00.000Z',
          integrations: { 'Segment.io': true },
          type: 'track',
          event: 'Browser',
          properties: {},
          context: {
            page: { path: '/', title: 'Shop', url: 'https://shop.example.com/', search: '', referrer: '' },
            userAgent: 'Mozilla/5.0',
            userAgentData: { brands: [], mobile: false, platform: 'Linux' },
            locale: 'fr-FR',
            timezone: 'Europe/Paris',
            library: { name: 'analytics.js', version: 'npm:next-1.81.0' },
          },
          messageId: 'ajs-next-1',
          anonymousId: 'b1',
          userId: null,
          writeKey: WRITE_KEY,
          sentAt: '2026-03-01T08:00:00.100Z',
          _metadata: { bundled: ['Segment.io'], unbundled: [], bundledIds: [] },
        },
      ],
      [
        '/v1/identify',
        {
          channel: 'web',
          type: 'identify',
          context: { traits: { email: 'rudder@example.com' }, locale: 'en-GB', timezone: 'GMT+0000', sessionId: 1 },
          traits: { email: 'rudder@example.com' },
          originalTimestamp: '2026-03-01T08:00:00.000Z',
          sentAt: '2026-03-01T08:00:00.100Z',
          integrations: { All: true },
          messageId: 'rudder-1',
          userId: 'rudder',
          anonymousId: 'r1',
          event: null,
          properties: null,
          userProperties: null,
        },
      ],
    ];
    for (const [path, body] of bodies) {
      const response = await service.post(path, body);
      expect([path, response.status, await response.json()]).toEqual([path, 200, { success: true }]);
    }
    expect((await stored()).map(({ name }) => name)).toEqual([
      'PHP',
      'Python',
      'Page Viewed',
      'Page Viewed',
      'Go',
      'Browser',
      'Identified',
    ]);
  });

  test('seconds and milliseconds since 1970 are times of events, too (T9)', async () => {
    await service.post('/v1/track', { ...track, timestamp: 1_772_352_000 });
    await service.post('/v1/track', { ...track, timestamp: 1_772_352_000_000, sentAt: null });
    expect((await stored()).map(({ at }) => at)).toEqual([1_772_352_000_000, 1_772_352_000_000]);
  });

  test('Segment’s client for Node loses nothing by one bad call among good ones', async () => {
    const analytics = new Analytics({ writeKey: WRITE_KEY, host: service.url, flushAt: 3, maxRetries: 0 });
    const failures: unknown[] = [];
    analytics.on('error', (error) => failures.push(error));
    analytics.track({ userId: 'ada', event: 'First' });
    analytics.track({ userId: 'ada', event: 'x'.repeat(300) });
    analytics.track({ userId: 'ada', event: 'Last' });
    await analytics.closeAndFlush();
    expect(failures).toEqual([]);
    expect((await stored()).map(({ name }) => name)).toEqual(['First', 'Last']);
  });
});

describe('a batch is taken item by item', () => {
  const batch = [
    { type: 'track', ...track },
    { type: 'track', userId: 'ada' },
    { type: 'x', userId: 'ada' },
    7,
    { type: 'track', ...track, properties: { a: 'x\0' } },
    { type: 'track', ...track, event: 'Last' },
  ];

  test('good items are stored, the others are told, counted and kept where people see them', async () => {
    const response = await service.post('/v1/batch', { batch });
    expect(response.status).toBe(200);
    const body = (await response.json()) as { success: boolean; rejected: { index: number; path: string }[] };
    expect(body.success).toBe(true);
    expect(body.rejected.map(({ index, path }) => [index, path])).toEqual([
      [1, 'event'],
      [2, 'type'],
      [3, ''],
      [4, 'properties'],
    ]);
    expect((await stored()).map(({ name }) => name)).toEqual(['Order Completed', 'Last']);

    const metrics = await (
      await fetch(`${service.url}/metrics`, { headers: { authorization: basic(ADMIN.email, ADMIN.password) } })
    ).text();
    expect(metrics).toMatch(/relance_events_rejected_total \d+/);
    const { body: page } = await get('/api/rejected-events');
    expect(page.events).toHaveLength(4);
    expect(page.next).toBeNull();
    const whole = page.events.find(({ path }: { path: string }) => path === 'event');
    expect(whole).toMatchObject({ userId: 'ada', type: 'track', body: JSON.stringify(batch[1]) });
    expect(whole.detail).toMatch(/event/);
    expect((await get('/api/rejected-events?userId=nobody')).body.events).toEqual([]);
    expect((await get('/api/rejected-events?userId=ada')).body.events).toHaveLength(3);
  });

  test('the same batch sent again is the same rejected calls', async () => {
    await service.post('/v1/batch', { batch });
    await service.post('/v1/batch', { batch });
    expect((await get('/api/rejected-events')).body.events).toHaveLength(4);
  });

  test('of a call that does not tell whose it is no value is kept: no erasure could find it', async () => {
    const call = { type: 'identify', traits: { email: 'eve@example.com', tags: ['a'] } };
    await service.post('/v1/batch', { batch: [call] });
    const { body } = await get('/api/rejected-events');
    expect(body.events).toMatchObject([{ userId: null, path: 'userId' }]);
    expect(body.events[0].body).not.toMatch(/eve|example/);
    expect(JSON.parse(body.events[0].body as string)).toMatchObject({ traits: { email: 'text of 15' } });
  });

  test('pages follow one another without a gap', async () => {
    const many = Array.from({ length: 80 }, (_, n) => ({ type: 'track', userId: `u${n}` }));
    await service.post('/v1/batch', { batch: many });
    const first = (await get('/api/rejected-events')).body;
    const second = (await get(`/api/rejected-events?before=${encodeURIComponent(first.next as string)}`)).body;
    expect([first.events.length, second.events.length, second.next]).toEqual([50, 30, null]);
    const users = [...first.events, ...second.events].map(({ userId }: { userId: string }) => userId);
    expect(new Set(users).size).toBe(80);
  });

  test('an answer to a bad batch is bounded', async () => {
    const response = await service.post('/v1/batch', `{"batch":[${Array(100_000).fill('{}').join(',')}]}`);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text.length).toBeLessThan(30_000);
    expect(JSON.parse(text)).toMatchObject({ rejectedTotal: 100_000 });
  });

  test('an erasure forgets what was rejected and refused of a contact; an export tells it', async () => {
    await service.post('/v1/batch', { batch: [{ type: 'track', userId: 'ada' }] });
    await service.post('/v1/identify', { userId: 'ada', traits: { phone: 'n/a' } });
    const tables = await import('../../src/rights/contact-tables.ts');
    const names = tables.CONTACT_TABLES.filter(({ erasure }) => erasure === 'delete').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['rejected_event', 'refused_trait']));
  });
});

describe('a trait that cannot be read loses only itself', () => {
  test('the rest of the call counts, and the field shows what was refused and why, until it is right', async () => {
    const id = contactIdOf('tess');
    await service.db.database.run(
      {
        name: 'test-contact',
        text: `INSERT INTO contact (lane, id, user_id, created_at) VALUES ($1, $2, 'tess', now())`,
      },
      [Number.parseInt(id.slice(0, 2), 16) % 64, id],
    );
    const traits = { phone: 'n/a', email: 'tess@example.com', plan: 'pro' };
    const response = await service.post('/v1/identify', { userId: 'tess', traits });
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect((await stored()).at(-1)!.properties).toEqual({ email: 'tess@example.com', plan: 'pro' });

    const { body } = await get('/api/contacts/tess');
    expect(body.refused).toMatchObject({ phone: { value: '"n/a"' } });
    expect(body.refused.phone.message).toMatch(/not a phone number/);
    expect(body.refused.phone.hint).toMatch(/country code/);

    await service.post('/v1/batch', {
      batch: [{ type: 'identify', userId: 'tess', traits: { phone: '+33612345678' } }],
    });
    expect((await get('/api/contacts/tess')).body.refused).toEqual({});
    expect((await get('/api/contacts/nobody')).status).toBe(404);
  });
});
