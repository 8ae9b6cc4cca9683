import { inHoldout } from '../../src/engine/index.ts';
import type { Scenario } from '../../src/scenarios/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { ADMIN, basic, WRITE_KEY } from '../support/service.ts';
import { startTracked, untilFound, type TrackedService } from '../tracking/programme.ts';

let service: TrackedService;
beforeAll(async () => {
  service = await startTracked();
}, 60_000);
afterAll(() => service?.close());

interface Results {
  entered: number;
  sent: number;
  delivered: number;
  clicked: number;
  opened: number | null;
  openable: number;
  converted: number;
  holdout: { entered: number; converted: number };
  steps: { step: string; template: string; converted: { afterSent: number; afterClick: number } }[];
}

const ask = (scenario: string, query = '', authorization = basic(ADMIN.email, ADMIN.password)): Promise<Response> =>
  fetch(`${service.url}/api/scenarios/${scenario}/results${query}`, { headers: { authorization } });
const results = async (scenario: string, query = ''): Promise<Results> =>
  (await (await ask(scenario, query)).json()) as Results;
const buys = (userId: string): Promise<Response> =>
  service.post('/v1/track', { userId, event: 'Order Completed', properties: { total: 10 } });

test('results count people, attribute a conversion to the last message and the last click, and openings only of those who consent', async () => {
  for (const userId of ['ada', 'bob']) await service.letter(userId);
  expect(await results('news-letter')).toMatchObject({ entered: 2, sent: 2, opened: null, openable: 0, converted: 0 });
  await service.letter('cyd', true);
  const set = (column: string, userId: string): Promise<unknown> =>
    service.db.dataSource.query(`UPDATE message SET ${column} = settled_at WHERE contact_id = $1`, [
      contactIdOf(userId),
    ]);
  await set('clicked_at', 'ada');
  for (const userId of ['ada', 'cyd']) await set('delivered_at', userId);
  // Bob's is left from when he consented: nobody may know of it now (rule C7).
  for (const userId of ['bob', 'cyd']) await set('opened_at', userId);
  for (const userId of ['ada', 'bob']) expect((await buys(userId)).status).toBe(200);
  const found = await untilFound(async () => {
    const now = await results('news-letter');
    return now.converted === 2 ? now : null;
  });
  expect(found).toMatchObject({
    entered: 3,
    sent: 3,
    delivered: 2,
    clicked: 1,
    opened: 1,
    openable: 1,
    holdout: { entered: 0, converted: 0 },
    steps: [{ step: 'letter', template: 'letter', sent: 3, clicked: 1, converted: { afterSent: 2, afterClick: 1 } }],
  });
  expect(await results('news-letter', '?to=2020-01-01T00:00:00Z')).toMatchObject({ entered: 0, sent: 0, steps: [] });
  expect(await results('news-letter', '?from=2020-01-01T00:00:00Z')).toMatchObject({ entered: 3 });
}, 60_000);

test('the holdout is counted by itself, as the engine drew it', async () => {
  const users = Array.from({ length: 12 }, (_, index) => `share-${index}`);
  const held = users.filter((userId) =>
    inHoldout({ scenario: 'news-share', holdout: 0.5 } as Scenario, contactIdOf(userId)),
  );
  expect(held.length).toBeGreaterThan(0);
  expect(held.length).toBeLessThan(users.length);
  for (const userId of users) await service.post('/v1/track', { userId, event: 'Letter Shared' });
  await untilFound(async () => {
    const { entered, holdout } = await results('news-share');
    return entered + holdout.entered === users.length ? true : null;
  });
  await buys(held[0]!);
  const found = await untilFound(async () => {
    const now = await results('news-share');
    return now.holdout.converted === 1 ? now : null;
  });
  expect(found).toMatchObject({
    entered: users.length - held.length,
    converted: 0,
    holdout: { entered: held.length, converted: 1 },
  });
}, 60_000);

test('results are for accounts, of what was published, in a time that is one', async () => {
  expect((await ask('news-letter', '', basic(WRITE_KEY))).status).toBe(401);
  expect((await ask('news-lettre')).status).toBe(404);
  expect((await ask('news-letter', '?from=yesterday')).status).toBe(400);
});
