import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  addMessages,
  addPeople,
  clear,
  library,
  person,
  readyFor,
  scene,
  settleEngine,
  START,
  storedOne,
} from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 4 });
});
afterAll(() => db.close());
beforeEach(() => clear(db.database));

const budget = (max: number): Record<string, unknown> => ({
  pressure: [{ rule: 'texts', window: { rolling: '30d' }, unit: 'sms-parts', max, onBlocked: 'drop' }],
});

test('P1: a text that has more parts than it took room for is judged again, and leaves only if all of them have room', async () => {
  await addPeople(db.database, [person('ada')]);
  for (const [max, status, parts] of [
    [1, 'blocked', 2],
    [2, 'sent', 2],
  ] as const) {
    const law = library(budget(max));
    const text = readyFor('ada', { channel: 'sms', template: 'text-long', dueAt: START });
    await addMessages(db.database, [text]);
    const { dispatcher, sms } = scene(db.database, {}, law);
    await dispatcher.handOver(10);
    expect(sms.given).toEqual([]);
    expect(await storedOne(db.database, text)).toMatchObject({ status: 'held', countedAt: null, parts: 2 });
    await settleEngine(db.database, law, START);
    await dispatcher.handOver(10);
    expect(await storedOne(db.database, text)).toMatchObject({ status, parts });
  }
});

test('without a rule that counts parts they are written down as they were', async () => {
  await addPeople(db.database, [person('ada')]);
  const text = readyFor('ada', { channel: 'sms', template: 'text-long', dueAt: START });
  await addMessages(db.database, [text]);
  const { dispatcher } = scene(db.database);
  await dispatcher.handOver(10);
  expect(await storedOne(db.database, text)).toMatchObject({ status: 'sent', parts: 2, countedAt: START });
});
