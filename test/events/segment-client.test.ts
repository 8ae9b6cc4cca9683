import { Analytics } from '@segment/analytics-node';
import { contactIdOf } from '../../src/shared/ids.ts';
import { startService, WRITE_KEY, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('the real Segment client for Node works unchanged, with all its calls', async () => {
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: service.url, flushAt: 4, maxRetries: 1 });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  const who = { userId: 'ada' };
  analytics.identify({ ...who, traits: { email: 'ada@example.com', birthday: new Date('1990-05-06'), plan: 'pro' } });
  analytics.track({
    ...who,
    event: 'Order Completed',
    properties: { total: 12.5 },
    timestamp: '2026-03-01T08:00:00.000Z',
  });
  analytics.page({ ...who, name: 'Home' });
  analytics.screen({ anonymousId: 'visitor', name: 'Home' });
  analytics.group({ ...who, groupId: 'acme' });
  analytics.alias({ ...who, previousId: 'visitor' });
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);

  const events = await service.db.database.run<{
    type: string;
    name: string;
    contact_id: string;
    properties: unknown;
    at: number;
  }>({
    name: 'test-segment',
    text: 'SELECT type, name, contact_id, properties, at FROM event ORDER BY seq',
  });
  expect(events.map((event) => event.type).sort()).toEqual(['alias', 'group', 'identify', 'page', 'screen', 'track']);
  const identified = events.find((event) => event.type === 'identify')!;
  expect(identified).toMatchObject({
    contact_id: contactIdOf('ada'),
    properties: { email: 'ada@example.com', birthday: '1990-05-06', plan: 'pro' },
  });
  const tracked = events.find((event) => event.type === 'track')!;
  // Corrected by the time between sending and receiving, on one clock: a moment.
  expect(Math.abs(tracked.at - Date.parse('2026-03-01T08:00:00.000Z'))).toBeLessThan(10_000);
});

test('a wrong write key reaches the client as its error', async () => {
  const analytics = new Analytics({ writeKey: 'wrong', host: service.url, maxRetries: 0 });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  analytics.track({ userId: 'ada', event: 'Lost' });
  await analytics.closeAndFlush();
  expect(failures).toHaveLength(1);
});
