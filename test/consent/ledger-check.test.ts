import { appendToLedger } from '../../src/consent/ledger.store.ts';
import { LedgerCheck } from '../../src/consent/ledger-check.service.ts';
import { Metrics } from '../../src/http/index.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { contactIdOf, laneOf, LANES, type Id } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { entry, NOW } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const PEOPLE = Array.from({ length: 40 }, (_, nr) => contactIdOf(`checked-${nr}`));
/** Does what only somebody with every right on the database can do. */
const tamper = (sql: string, values: unknown[]): Promise<unknown> =>
  db.dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    await manager.query(sql, values);
  });

test('C2: the check walks through everybody, part by part and for ever, and finds each broken row', async () => {
  for (const id of PEOPLE) await db.database.transaction((sql) => appendToLedger(sql, id, [entry()], NOW));
  const reported: Id[] = [];
  const log = { error: ({ contactId }: { contactId: Id }) => void reported.push(contactId) };
  const check = new LedgerCheck(db.database, new Metrics(), new VirtualClock(NOW), log as never);
  expect(check.health()).toMatchObject({ ledger: 'unknown', contacts: 0, turns: 0 });

  while (check.health().turns === 0) await check.checkNext(7);
  expect(check.health()).toMatchObject({ ledger: 'whole', checkedAt: NOW, broken: 0 });
  // The look that ends a turn begins the next.
  expect(check.health().contacts).toBeGreaterThanOrEqual(PEOPLE.length);
  expect(check.health().contacts).toBeLessThan(PEOPLE.length + 7);

  const broken = PEOPLE[17]!;
  await tamper(`UPDATE consent_entry SET text = 'others' WHERE contact_id = $1`, [broken]);
  while (check.health().turns === 1) await check.checkNext(7);
  expect([check.health().ledger, check.health().broken]).toEqual(['broken', 1]);
  expect(new Set(reported)).toEqual(new Set([broken]));
  await tamper(`UPDATE consent_entry SET text = $2 WHERE contact_id = $1`, [broken, entry().text]);
  while (check.health().turns === 2) await check.checkNext(7);
  expect(check.health()).toMatchObject({ ledger: 'whole', broken: 0 });
});

test('C2: an entry that was moved to another lane is found in the turn of that lane', async () => {
  const moved = PEOPLE[3]!;
  const reported: Id[] = [];
  const log = { error: ({ contactId }: { contactId: Id }) => void reported.push(contactId) };
  const check = new LedgerCheck(db.database, new Metrics(), new VirtualClock(NOW), log as never);
  await tamper('UPDATE consent_entry SET lane = $2 WHERE contact_id = $1', [moved, (laneOf(moved) + 1) % LANES]);
  await check.checkNext(PEOPLE.length * 2);
  expect(check.health()).toMatchObject({ ledger: 'broken', turns: 1 });
  expect(new Set(reported)).toEqual(new Set([moved]));
});

test('a look takes a statement a lane and a handful for all contacts', async () => {
  const check = new LedgerCheck(db.database, new Metrics(), new VirtualClock(NOW), { error: () => {} } as never);
  const before = db.database.statements;
  await check.checkNext();
  expect(db.database.statements - before).toBe(LANES + 4);
});
