import { gzipSync } from 'node:zlib';
import { contactIdOf } from '../../src/shared/ids.ts';
import { basic, startService, WRITE_KEY, type TestService } from '../support/service.ts';

interface StoredEvent {
  contact_id: string;
  user_id: string | null;
  type: string;
  name: string;
  at: number;
  received_at: number;
  properties: Record<string, unknown>;
  context: Record<string, unknown> | null;
  historical: boolean;
  active: boolean;
}

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.db.dataSource.query('DELETE FROM event; DELETE FROM inbox');
});

const stored = (): Promise<StoredEvent[]> =>
  service.db.database.run<StoredEvent>({ name: 'test-events', text: 'SELECT * FROM event ORDER BY seq' });
const inboxed = async (): Promise<number> =>
  (
    await service.db.database.run<{ n: number }>({ name: 'test-inbox', text: 'SELECT count(*)::int AS n FROM inbox' })
  )[0]!.n;

const track = { userId: 'ada', event: 'Order Completed', properties: { total: 12.5 } };

describe('D1: a 200 means committed', () => {
  test('a tracked event is stored and put into the inbox', async () => {
    const response = await service.post('/v1/track', track);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true });
    const [event, ...others] = await stored();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      contact_id: contactIdOf('ada'),
      user_id: 'ada',
      type: 'track',
      name: 'Order Completed',
      properties: { total: 12.5 },
      historical: false,
      active: true,
    });
    expect(event!.at).toBe(event!.received_at);
    expect(await inboxed()).toBe(1);
  });

  test.each([
    [
      'identify',
      { traits: { email: 'Ada@EXAMPLE.com', plan: 'pro' } },
      'Identified',
      { email: 'Ada@example.com', plan: 'pro' },
    ],
    [
      'page',
      { name: 'Home', category: 'Docs', properties: { path: '/' } },
      'Page Viewed',
      { name: 'Home', category: 'Docs', path: '/' },
    ],
    ['screen', { name: 'Settings' }, 'Screen Viewed', { name: 'Settings' }],
    ['group', { groupId: 'acme', traits: { seats: 3 } }, 'Group Joined', { groupId: 'acme', seats: 3 }],
    ['alias', { previousId: 'visitor-1' }, 'Alias Created', { previousId: 'visitor-1' }],
  ])('%s is stored under its name', async (type, body, name, properties) => {
    expect((await service.post(`/v1/${type}`, { userId: 'ada', ...body })).status).toBe(200);
    expect(await stored()).toMatchObject([{ type, name, properties }]);
  });

  test('a visitor known only by anonymousId has a contact of its own', async () => {
    await service.post('/v1/track', { anonymousId: 'ada', event: 'Viewed' });
    const [event] = await stored();
    expect(event!.user_id).toBeNull();
    expect(event!.contact_id).not.toBe(contactIdOf('ada'));
  });

  test('a call with both ids keeps the anonymous one beside, and belongs to the user', async () => {
    await service.post('/v1/identify', { userId: 'ada', anonymousId: 'visitor-1', context: { ip: '192.0.2.1' } });
    expect(await stored()).toMatchObject([
      { contact_id: contactIdOf('ada'), context: { ip: '192.0.2.1', anonymousId: 'visitor-1' } },
    ]);
  });

  test('context.active false and context.historical true are kept', async () => {
    await service.post('/v1/track', { ...track, context: { active: false, historical: true } });
    expect(await stored()).toMatchObject([{ active: false, historical: true }]);
  });

  test('a numeric user id is its text', async () => {
    await service.post('/v1/track', { ...track, userId: 42 });
    expect(await stored()).toMatchObject([{ user_id: '42', contact_id: contactIdOf('42') }]);
  });
});

describe('authentication', () => {
  const noHeader = { authorization: undefined };
  test.each([
    ['Basic with the key as user name', { authorization: basic(WRITE_KEY) }, {}],
    ['Bearer', { authorization: `Bearer ${WRITE_KEY}` }, {}],
    ['writeKey in the body', noHeader, { writeKey: WRITE_KEY }],
  ])('%s is accepted', async (_name, headers, extra) => {
    expect((await service.post('/v1/track', { ...track, ...extra }, headers)).status).toBe(200);
  });
  test.each([
    ['a wrong key', { authorization: basic('wrong') }, {}],
    ['no key', noHeader, {}],
    ['a wrong key in the body', noHeader, { writeKey: 'wrong' }],
    ['a header that cannot be read', { authorization: 'Digest x' }, { writeKey: WRITE_KEY }],
    ['an empty key', { authorization: basic('') }, {}],
  ])('%s is refused with 401 and nothing is stored', async (_name, headers, extra) => {
    const response = await service.post('/v1/track', { ...track, ...extra }, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    expect(await response.json()).toMatchObject({ type: 'urn:relance:problem:unauthenticated', status: 401 });
    expect(await stored()).toEqual([]);
  });
});

describe('malformed calls: 400 with every fault and its path, nothing stored', () => {
  const paths = async (route: string, body: unknown): Promise<string[]> => {
    const response = await service.post(route, body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    const problem = (await response.json()) as { type: string; errors: { path: string; message: string }[] };
    expect(problem.type).toBe('urn:relance:problem:invalid-request');
    expect(await stored()).toEqual([]);
    expect(await inboxed()).toBe(0);
    return problem.errors.map((error) => error.path);
  };

  test.each<[string, string, unknown, string[]]>([
    ['no id at all', '/v1/track', { event: 'X' }, ['userId']],
    ['no name', '/v1/track', { userId: 'ada' }, ['event']],
    ['no id and a bad time', '/v1/track', { event: 'X', timestamp: 'yesterday' }, ['timestamp', 'userId']],
    ['properties that are a list', '/v1/track', { ...track, properties: [1] }, ['properties']],
    ['an empty user id', '/v1/track', { ...track, userId: '' }, ['userId']],
    ['a body that is a list', '/v1/track', [track], ['']],
    ['a body that is not JSON', '/v1/track', '{"userId": ', ['']],
    ['an empty body', '/v1/track', '', ['']],
    ['NUL in a property', '/v1/track', { ...track, properties: { a: 'x\0' } }, ['properties']],
    ['half a surrogate pair in a property', '/v1/track', { ...track, properties: { a: '\ud800' } }, ['properties']],
    ['NUL in the user id', '/v1/track', { ...track, userId: 'a\0' }, ['userId']],
    ['NUL in the context', '/v1/track', { ...track, context: { a: '\0' } }, ['context']],
    ['an alias without the previous id', '/v1/alias', { userId: 'ada' }, ['previousId']],
    ['a group without its id', '/v1/group', { userId: 'ada' }, ['groupId']],
    ['context.active that is no boolean', '/v1/track', { ...track, context: { active: 'no' } }, ['context.active']],
    ['a batch that is no list', '/v1/batch', { batch: {} }, ['batch']],
    ['no batch at all', '/v1/batch', track, ['batch']],
    ['a sentAt that is none', '/v1/batch', { batch: [], sentAt: 'now' }, ['sentAt']],
  ])('%s', async (_name, route, body, expected) => {
    expect(await paths(route, body)).toEqual(expected);
  });

  test('nesting too deep to be an event', async () => {
    let properties: Record<string, unknown> = {};
    for (let i = 0; i < 100; i++) properties = { in: properties };
    expect(await paths('/v1/track', { ...track, properties })).toEqual(['properties']);
  });

  test('a body that only stack-breaking parsers survive', async () => {
    expect(await paths('/v1/track', '['.repeat(400_000))).toEqual(['']);
  });

  test('a prototype in disguise', async () => {
    expect(await paths('/v1/track', '{"userId":"ada","event":"X","properties":{"__proto__":{"admin":true}}}')).toEqual([
      '',
    ]);
  });

  test('a literal backslash-u is text like any other', async () => {
    const properties = { a: String.raw`C:\u0000`, b: String.raw`\ud800`, c: 'é😀\n' };
    expect((await service.post('/v1/track', { ...track, properties })).status).toBe(200);
    expect(await stored()).toMatchObject([{ properties }]);
  });

  test('an unknown address is 404, a wrong method too, both as problems', async () => {
    for (const response of [await service.post('/v1/nothing', track), await fetch(`${service.url}/v1/track`)]) {
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ type: 'urn:relance:problem:not-found' });
    }
  });
});

describe('limits', () => {
  const large = (bytes: number): Record<string, unknown> => ({ ...track, properties: { text: 'x'.repeat(bytes) } });

  test('an event of 32 KB is taken, one over it is 413', async () => {
    const around = JSON.stringify(large(0)).length;
    expect((await service.post('/v1/track', large(32 * 1024 - around))).status).toBe(200);
    const response = await service.post('/v1/track', large(32 * 1024 - around + 1));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ type: 'urn:relance:problem:too-large', errors: [{ path: '' }] });
    expect(await stored()).toHaveLength(1);
  });

  test('one event over 32 KB in a batch loses only itself, and is named', async () => {
    const batch = [
      { type: 'track', ...track },
      { type: 'track', ...large(33 * 1024) },
    ];
    const response = await service.post('/v1/batch', { batch });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ success: true, rejected: [{ index: 1, path: '' }] });
    expect(await stored()).toHaveLength(1);
  });

  test('a batch near 500 KB is taken, one over it is 413', async () => {
    const batch = Array.from({ length: 16 }, () => ({ type: 'track', ...large(30 * 1024) }));
    expect((await service.post('/v1/batch', { batch })).status).toBe(200);
    const response = await service.post('/v1/batch', { batch: [...batch, ...batch] });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ type: 'urn:relance:problem:too-large' });
    expect(await stored()).toHaveLength(16);
  });

  test('gzip and deflate are undone', async () => {
    const body = gzipSync(JSON.stringify(track));
    expect((await service.post('/v1/track', body, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(await stored()).toHaveLength(1);
  });

  test('a gzip bomb is 413 and a broken gzip 400, and nothing is stored', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(500 * 1024);
    expect((await service.post('/v1/batch', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await service.post('/v1/batch', 'not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await service.post('/v1/batch', 'x', { 'content-encoding': 'zstd' })).status).toBe(415);
    expect(await stored()).toEqual([]);
  });

  test('beacons send JSON as text/plain; other types are 415', async () => {
    expect((await service.post('/v1/track', track, { 'content-type': 'text/plain' })).status).toBe(200);
    expect((await service.post('/v1/track', 'a,b', { 'content-type': 'text/csv' })).status).toBe(415);
  });
});

describe('clock skew', () => {
  const hour = 3_600_000;

  test('the sender’s clock is corrected by receivedAt - (sentAt - originalTimestamp)', async () => {
    const wrong = Date.now() - 5 * hour;
    const [timestamp, sentAt] = [new Date(wrong - hour).toISOString(), new Date(wrong).toISOString()];
    await service.post('/v1/track', { ...track, timestamp, sentAt });
    await service.post('/v1/batch', { batch: [{ type: 'track', ...track, timestamp }], sentAt });
    for (const event of await stored()) expect(event.at).toBe(event.received_at - hour);
  });

  test('nothing happens after it was received', async () => {
    await service.post('/v1/track', { ...track, timestamp: new Date(Date.now() + hour).toISOString() });
    const [event] = await stored();
    expect(event!.at).toBe(event!.received_at);
  });
});

describe('CloudEvents', () => {
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/shop',
    type: 'Order Completed',
    subject: 'ada',
    data: { total: 1 },
  };
  const type = { 'content-type': 'application/cloudevents+json' };

  test('one event becomes a tracked one; source and id are its key', async () => {
    for (const one of [event, event, { ...event, source: '/other' }]) {
      expect((await service.post('/v1/cloudevents', one, type)).status).toBe(200);
    }
    expect(await stored()).toMatchObject([
      { type: 'track', name: 'Order Completed', user_id: 'ada', properties: { total: 1 } },
      { context: { source: '/other' } },
    ]);
  });

  test('a batch of them', async () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };
    expect((await service.post('/v1/cloudevents', [event, { ...event, id: '2' }], headers)).status).toBe(200);
    expect(await stored()).toHaveLength(2);
  });

  test('faults are named', async () => {
    const response = await service.post(
      '/v1/cloudevents',
      [event, { ...event, specversion: '0.3', subject: undefined }],
      type,
    );
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: { path: string }[] }).errors.map((error) => error.path)).toEqual([
      '1.specversion',
      '1.subject',
    ]);
    expect(await stored()).toEqual([]);
  });
});
