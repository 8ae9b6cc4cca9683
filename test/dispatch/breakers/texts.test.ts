import { Breakers } from '../../../src/dispatch/index.ts';
import type { DeliveryOutcome } from '../../../src/channels/index.ts';
import type { Message } from '../../../src/gate/index.ts';
import { HOUR } from '../../gate/factories.ts';
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

const text = (user: string, fields: Partial<Message> = {}): Message =>
  readyFor(user, { channel: 'sms', template: 'text-a', ...fields });
const GATEWAY_FAILS: DeliveryOutcome = { kind: 'failed', reason: '500 internal error', suppress: false };
const NUMBER_IS_DEAD: DeliveryOutcome = { kind: 'failed', reason: 'no such number', suppress: true };

/** A dispatcher that has sent ten texts, each answered in turn as told and then taken. */
async function afterTexts(answers: readonly DeliveryOutcome[]) {
  const law = library({ breakers: { minimum: 10 } });
  const set = scene(db.database, {}, law);
  const users = Array.from({ length: 10 }, (_, index) => `texted-${index}`);
  await addPeople(
    db.database,
    users.map((user, index) => person(user, { phone: `+3361234567${index}` })),
  );
  const texts = users.map((user) => text(user));
  await addMessages(db.database, texts);
  set.sms.answer = () => answers[set.sms.given.length - 1] ?? { kind: 'sent', providerId: `SM${set.sms.given.length}` };
  while ((await set.dispatcher.handOver(10)) > 0);
  const watch = new Breakers(db.database, () => Promise.resolve(law));
  await watch.evaluate(set.clock.now());
  return { ...set, law, texts, user: users.at(-1)!, watch };
}

test('L19: a gateway that fails stops advertising by text of that sender and nothing else, until a person lifts it', async () => {
  const { dispatcher, clock, sms, user, watch } = await afterTexts([
    GATEWAY_FAILS,
    { kind: 'unknown', reason: 'silence' },
  ]);
  expect(await watch.list(clock.now())).toMatchObject([
    {
      breaker: { domain: 'sms:brand', state: 'stopped', cause: 'failures', rate: 0.2 },
      deliveries: { handed: 10, failed: 2 },
    },
  ]);
  sms.answer = () => ({ kind: 'sent', providerId: 'SM-later' });
  const advert = text(user);
  const code = text(user, { category: 'transactional', needsConsent: false, subjectTo: false, countsToward: false });
  const letter = readyFor(user);
  await addMessages(db.database, [advert, code, letter]);
  expect(await dispatcher.handOver(10)).toBe(2);
  expect(await storedOne(db.database, code)).toMatchObject({ status: 'sent' });
  expect(await storedOne(db.database, letter)).toMatchObject({ status: 'sent' });
  expect(await storedOne(db.database, advert)).toMatchObject({
    status: 'ready',
    reason: 'breaker-stopped',
    countedAt: IN_AIR,
    attempts: 0,
  });
  expect(await dispatcher.nextDue()).toBeGreaterThan(clock.now());

  clock.moveTo(START + 1_000);
  expect(await watch.lift('SMS:brand', 'ada@example.com', clock.now())).toBe(true);
  expect(await dispatcher.handOver(10)).toBe(1);
  expect(await storedOne(db.database, advert)).toMatchObject({ status: 'sent', reason: null });
  expect(await watch.evaluate(clock.now() + HOUR)).toEqual([]);
  expect(
    await db.database.run({
      name: 'test-audits-of-texts',
      text: `SELECT actor, action FROM audit WHERE subject = 'sms:brand' ORDER BY at DESC, id DESC LIMIT 2`,
    }),
  ).toEqual([
    { actor: 'ada@example.com', action: 'breaker.lift' },
    { actor: 'system:breaker', action: 'breaker.stop' },
  ]);
});

test('L19: a warning stops nothing', async () => {
  const { dispatcher, clock, user, watch } = await afterTexts([GATEWAY_FAILS]);
  expect(await watch.list(clock.now())).toMatchObject([{ breaker: { state: 'warned', cause: 'failures', rate: 0.1 } }]);
  await addMessages(db.database, [text(user)]);
  expect(await dispatcher.handOver(10)).toBe(1);
});

test('L19: dead numbers, told at once or later, and texts still to be tried again are no failures of the gateway', async () => {
  const dead = Array.from({ length: 3 }, () => NUMBER_IS_DEAD);
  const { clock, law, texts, watch } = await afterTexts([...dead, { kind: 'retry', reason: '503 later' }]);
  await returnsOn(db.database, clock, law).take(texts.map((one) => about(one)));
  expect(await watch.evaluate(clock.now())).toEqual([]);
  expect(await watch.list(clock.now())).toMatchObject([
    {
      breaker: { domain: 'sms:brand', state: 'closed' },
      deliveries: { handed: 9, failed: 0, bounced: 0, complained: 0 },
    },
  ]);
});

test('L19: what is stopped of one channel goes on by the other', async () => {
  const { dispatcher, clock, user } = await afterTexts([]);
  await db.database.run(
    {
      name: 'test-stop-mail',
      text: `INSERT INTO breaker (domain, state, cause, rate, since) VALUES ('example.com', 'stopped', 'complaints', 0.01, to_timestamp($1::float8 / 1000))`,
    },
    [clock.now()],
  );
  const [letter, note] = [readyFor(user), text(user)];
  await addMessages(db.database, [letter, note]);
  expect(await dispatcher.handOver(10)).toBe(1);
  expect(await storedOne(db.database, note)).toMatchObject({ status: 'sent' });
  expect(await storedOne(db.database, letter)).toMatchObject({ status: 'ready', reason: 'breaker-stopped' });
});
