import { Breakers } from '../../../src/dispatch/index.ts';
import type { Database } from '../../../src/database/index.ts';
import type { Message } from '../../../src/gate/index.ts';
import type { Report } from '../../../src/tracking/returns/report.ts';
import { DAY, HOUR } from '../../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { about, clearReturns, returnsOn } from '../../tracking/returns/setting.ts';
import {
  addMessages,
  addPeople,
  clear,
  library,
  person,
  readyFor,
  scene,
  START,
  stored,
  storedOne,
  IN_AIR,
} from '../setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await clear(db.database);
  await clearReturns(db.database);
});
afterAll(() => db.close());

const transactional = {
  category: 'transactional',
  needsConsent: false,
  subjectTo: false,
  countsToward: false,
} as const;
const audits = (database: Database): Promise<{ actor: string; action: string; subject: string }[]> =>
  database.run({ name: 'test-audits', text: 'SELECT actor, action, subject FROM audit ORDER BY at, id' });

/** A dispatcher that has sent to so many people, of whom some complained. */
async function afterSending(count: number, complaints: number, breakers: object = { minimum: count }) {
  const law = library({ breakers });
  const { dispatcher, clock, email } = scene(db.database, {}, law);
  const users = Array.from({ length: count }, (_, index) => `user-${Math.random()}-${index}`);
  await addPeople(
    db.database,
    users.map((user) => person(user)),
  );
  const mails = users.map((user) => readyFor(user));
  await addMessages(db.database, mails);
  while ((await dispatcher.handOver(200)) > 0);
  const returns = returnsOn(db.database, clock, law);
  const complain = (mail: Message) => about(mail, { kind: 'complained', reason: 'abuse' } as Partial<Report>);
  await returns.take(mails.slice(0, complaints).map(complain));
  return { dispatcher, clock, email, users, watch: new Breakers(db.database, () => Promise.resolve(law)) };
}

test('L19: 0.3 % complaints stop marketing and nothing else, until a person lifts it', async () => {
  const { dispatcher, clock, email, users, watch } = await afterSending(350, 2);
  await watch.evaluate(clock.now());
  const [domain] = await watch.list(clock.now());
  expect(domain).toMatchObject({
    breaker: { domain: 'example.com', state: 'stopped', cause: 'complaints' },
    deliveries: { handed: 350, complained: 2, bounced: 0, failed: 0 },
  });

  email.given.length = 0;
  const user = users.at(-1)!;
  const [letter, club, receipt, survey, text] = [
    readyFor(user, { priority: 100 }),
    // A category of the policy's own: what needs consent is advertising, whatever it is called.
    readyFor(user, { category: 'club' }),
    readyFor(user, transactional),
    readyFor(user, { category: 'service', needsConsent: false }),
    readyFor(user, { channel: 'sms', template: 'text-a' }),
  ];
  await addMessages(db.database, [letter, club, receipt, survey, text]);
  expect(await dispatcher.handOver(10)).toBe(3);
  expect(await dispatcher.handOver(10)).toBe(0);
  expect(email.ids.sort()).toEqual([receipt.id, survey.id].sort());
  expect((await stored(db.database)).get(text.id)).toMatchObject({ status: 'sent' });
  // It stays visible, keeps its room, and is not looked at again and again meanwhile.
  expect(await storedOne(db.database, letter)).toMatchObject({
    status: 'ready',
    reason: 'breaker-stopped',
    countedAt: IN_AIR,
    attempts: 0,
  });
  expect(await dispatcher.nextDue()).toBeGreaterThan(clock.now());

  clock.moveTo(START + 1_000);
  expect(await watch.lift('Example.com', 'ada@example.com', clock.now())).toBe(true);
  expect(await watch.lift('example.com', 'ada@example.com', clock.now())).toBe(false);
  expect(await dispatcher.handOver(10)).toBe(2);
  for (const mail of [letter, club])
    expect(await storedOne(db.database, mail)).toMatchObject({ status: 'sent', reason: null });
  // What had been counted does not stop it again.
  expect(await watch.evaluate(clock.now() + HOUR)).toEqual([]);
  expect(await audits(db.database)).toEqual([
    { actor: 'system:breaker', action: 'breaker.stop', subject: 'example.com' },
    { actor: 'ada@example.com', action: 'breaker.lift', subject: 'example.com' },
  ]);
});

test('a cool-down of the policy lifts it by itself; what ran out meanwhile expires', async () => {
  const { dispatcher, clock, users, watch } = await afterSending(100, 1, { minimum: 100, coolDown: '2h' });
  await watch.evaluate(clock.now());
  const user = users.at(-1)!;
  const [letter, short] = [readyFor(user), readyFor(user, { expiresAt: START + HOUR })];
  await addMessages(db.database, [letter, short]);
  expect(await dispatcher.handOver(10)).toBe(0);
  clock.moveTo(START + HOUR);
  expect(await dispatcher.handOver(10)).toBe(1);
  expect(await storedOne(db.database, short)).toMatchObject({ status: 'held', countedAt: null });
  clock.moveTo(START + 2 * HOUR);
  expect(await watch.evaluate(clock.now())).toMatchObject([{ breaker: { state: 'closed' } }]);
  expect(await dispatcher.handOver(10)).toBe(1);
  expect(await storedOne(db.database, letter)).toMatchObject({ status: 'sent' });
});

test('one look decides, whoever looks at the same time', async () => {
  const { clock, watch } = await afterSending(100, 1);
  const looks = await Promise.all(Array.from({ length: 4 }, () => watch.evaluate(clock.now())));
  expect(looks.flat()).toHaveLength(1);
});

test('counts leave the window hour by hour, and are forgotten', async () => {
  const { clock, watch } = await afterSending(100, 1);
  expect(await watch.evaluate(clock.now() + DAY + 2 * HOUR)).toEqual([]);
  expect(await db.database.run({ name: 'test-counts', text: 'SELECT 1 FROM delivery_count' })).toEqual([]);
});

test('D10: dead addresses and refusals at hand-over are told apart', async () => {
  const { dispatcher, email, clock } = scene(db.database);
  await addPeople(
    db.database,
    ['a', 'b', 'c', 'd'].map((user) => person(user)),
  );
  await addMessages(
    db.database,
    ['a', 'b', 'c', 'd'].map((user) => readyFor(user)),
  );
  const answers = [
    { kind: 'failed', reason: 'x', suppress: true },
    { kind: 'failed', reason: 'x', suppress: false },
    { kind: 'unknown', reason: 'x' },
    { kind: 'retry', reason: 'x' },
  ] as const;
  email.answer = () => answers[email.given.length - 1]!;
  await dispatcher.handOver(4);
  const watch = new Breakers(db.database, () => Promise.resolve(library()));
  expect(await watch.list(clock.now())).toMatchObject([
    { deliveries: { handed: 3, bounced: 1, failed: 2, complained: 0 } },
  ]);
});
