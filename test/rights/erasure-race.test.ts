import { performance } from 'node:perf_hooks';
import { eraseContact, providersOf } from '../../src/rights/index.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { racingMails } from '../dispatch/racing.ts';
import { FakeChannel, scene, START, stored } from '../dispatch/setting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 12 });
});
afterAll(() => db.close());

test('D4, L9: nothing is handed over once an erasure has committed, whatever the race', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `leaver-${index}`);
  const {
    mails,
    email,
    handedOver: endOfHandOver,
  } = await racingMails(db.database, names, 4, (messageId) => messageId.charCodeAt(9) % 7, 4);
  const dispatched = Promise.all(
    Array.from({ length: 2 }, async () => {
      const { dispatcher } = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } });
      while ((await dispatcher.handOver(16)) > 0 || (await dispatcher.nextDue()) !== null);
    }),
  );
  const committed = new Map<Id, number>();
  for (const name of names.filter((_, index) => index % 5 !== 0)) {
    await eraseContact(db.database, contactIdOf(name), { origin: 'cli', actor: 'cli' }, providersOf({}), START);
    committed.set(contactIdOf(name), performance.now());
  }
  await dispatched;

  let before = 0;
  let never = 0;
  for (const { id, contactId } of mails) {
    const end = endOfHandOver.get(id);
    const erased = committed.get(contactId);
    if (erased === undefined) expect(end).toBeDefined();
    else if (end === undefined) never += 1;
    else {
      expect(end).toBeLessThan(erased);
      before += 1;
    }
  }
  expect(before).toBeGreaterThan(5);
  expect(never).toBeGreaterThan(5);
  // Of whoever was erased nothing waits, and nothing bears their name.
  const left = [...(await stored(db.database)).values()];
  expect(left.filter(({ status }) => status === 'ready' || status === 'held' || status === 'handing')).toEqual([]);
  expect(left.filter(({ contactId }) => committed.has(contactId))).toEqual([]);
});
