import type { DeliveryOutcome } from '../../src/channels/index.ts';
import { PAUSE } from '../../src/dispatch/outcome.ts';
import type { Message } from '../../src/gate/index.ts';
import { DAY, HOUR } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { suppressedAddresses } from '../support/suppressed.ts';
import {
  addMessages,
  addPeople,
  clear,
  inboxOf,
  person,
  readyFor,
  scene,
  sent,
  START,
  stored,
  storedOne,
  IN_AIR,
} from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => clear(db.database));
afterAll(() => db.close());

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);

describe('what the provider says (D10)', () => {
  const outcomeOf = async (answer: DeliveryOutcome, fields: Partial<Message> = {}) => {
    const { dispatcher, email } = scene(db.database);
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada', fields);
    await addMessages(db.database, [mail]);
    email.answer = () => answer;
    await dispatcher.handOver(10);
    return { dispatcher, mail, after: await storedOne(db.database, mail) };
  };

  test('a temporary failure is tried again later, and tells the machine nothing', async () => {
    const { after, dispatcher } = await outcomeOf({ kind: 'retry', reason: '451 later' });
    expect(after).toMatchObject({
      status: 'ready',
      reason: '451 later',
      countedAt: IN_AIR,
      settledAt: null,
      attempts: 1,
    });
    expect(after.dueAt).toBeGreaterThan(START);
    expect(await inboxOf(db.database)).toEqual([]);
    expect(await dispatcher.nextDue()).toBe(after.dueAt);
  });

  test('then 4xx, and then taken: sent, by the same Message-ID (D3)', async () => {
    const { dispatcher, email, clock } = scene(db.database);
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada');
    await addMessages(db.database, [mail]);
    email.answer = () => (email.given.length < 4 ? { kind: 'retry', reason: '451 later' } : sent);
    const waits: number[] = [];
    while (email.given.length < 4) {
      expect(await dispatcher.handOver(10)).toBe(1);
      const { dueAt } = await storedOne(db.database, mail);
      waits.push(dueAt - clock.now());
      clock.moveTo(dueAt);
    }
    expect(new Set(email.given.map(({ messageId, idempotencyKey }) => `${messageId} ${idempotencyKey}`)).size).toBe(1);
    expect(waits[1]! / waits[0]!).toBeGreaterThan(1.1);
    expect(await storedOne(db.database, mail)).toMatchObject({
      status: 'sent',
      attempts: 4,
      countedAt: clock.now(),
      reason: null,
    });
  });

  test('tried again until it expires', async () => {
    const { dispatcher, email, clock } = scene(db.database);
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada', { expiresAt: START + HOUR });
    await addMessages(db.database, [mail]);
    email.answer = () => ({ kind: 'retry', reason: '451 later' });
    for (let at = START; at < START + DAY && (await storedOne(db.database, mail)).status === 'ready';) {
      clock.moveTo((at = (await storedOne(db.database, mail)).dueAt));
      await dispatcher.handOver(10);
    }
    expect(await storedOne(db.database, mail)).toMatchObject({
      status: 'expired',
      countedAt: null,
      reason: '451 later',
    });
    expect(email.given.length).toBeGreaterThan(4);
    expect(clock.now()).toBeLessThan(START + HOUR);
    expect(await inboxOf(db.database)).toMatchObject([{ body: { outcome: 'expired' } }]);
  });

  test('a hard bounce suppresses that address on that channel, and nothing else; its room stays used (P6)', async () => {
    const { after, dispatcher } = await outcomeOf({
      kind: 'failed',
      reason: '550 5.1.1 unknown',
      suppress: true,
    });
    expect(after).toMatchObject({ status: 'failed', countedAt: START, settledAt: START });
    expect(await suppressedAddresses(db.database)).toEqual([
      { channel: 'email', address: 'ada@example.com', reason: 'hard-bounce' },
    ]);
    const [second, text] = [readyFor('ada'), readyFor('ada', { channel: 'sms', template: 'text-a' })];
    await addMessages(db.database, [second, text]);
    await dispatcher.handOver(10);
    const settled = await stored(db.database);
    expect(settled.get(second.id)).toMatchObject({ status: 'blocked', gate: 'suppression', reason: 'hard-bounce' });
    expect(settled.get(text.id)).toMatchObject({ status: 'sent' });
  });

  test("a permanent failure that is not the address's suppresses nobody", async () => {
    const { after } = await outcomeOf({ kind: 'failed', reason: '554 5.6.0 malformed', suppress: false });
    expect(after).toMatchObject({ status: 'failed' });
    expect(await suppressedAddresses(db.database)).toEqual([]);
  });

  test('an unknown end is the end of a marketing message (D3)', async () => {
    const { after, dispatcher } = await outcomeOf({ kind: 'unknown', reason: 'silence' });
    expect(after).toMatchObject({ status: 'unknown', countedAt: START, reason: 'silence' });
    expect(await inboxOf(db.database)).toMatchObject([{ body: { outcome: 'unknown' } }]);
    expect(await dispatcher.nextDue()).toBeNull();
  });
});

describe('a fault of the sender (D10)', () => {
  const FAULT: DeliveryOutcome = { kind: 'sender-fault', reason: '535 5.7.8 bad credentials' };
  const pauses = {
    name: 'test-pauses',
    text: 'SELECT channel, reason, paused_at AS "pausedAt", until FROM channel_pause',
  };

  test('pauses the channel for every process and suppresses nobody; the other channel goes on', async () => {
    const { dispatcher, email, sms } = scene(db.database);
    const users = people(4);
    await addPeople(
      db.database,
      users.map((user) => person(user)),
    );
    const mails = users.map((user) => readyFor(user));
    await addMessages(db.database, mails);
    email.answer = () => FAULT;
    expect(await dispatcher.handOver(2)).toBe(2);
    expect(await db.database.run(pauses)).toEqual([
      { channel: 'email', reason: FAULT.reason, pausedAt: START, until: START + PAUSE },
    ]);
    expect(await suppressedAddresses(db.database)).toEqual([]);
    expect([...(await stored(db.database)).values()].map(({ status, countedAt }) => [status, countedAt])).toEqual(
      mails.map(() => ['ready', IN_AIR]),
    );

    const other = scene(db.database);
    expect(await other.dispatcher.handOver(10)).toBe(0);
    const text = readyFor('user-0', { channel: 'sms', template: 'text-a' });
    await addMessages(db.database, [text]);
    expect(await other.dispatcher.handOver(10)).toBe(1);
    expect(await storedOne(db.database, text)).toMatchObject({ status: 'sent' });
    expect(sms.given).toEqual([]);
  });

  test('when the pause has run out, the provider is asked: it is lifted, or goes on', async () => {
    const { dispatcher, email, clock } = scene(db.database);
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada');
    await addMessages(db.database, [mail]);
    email.answer = () => FAULT;
    await dispatcher.handOver(10);
    email.fault = FAULT;
    clock.moveTo(START + PAUSE - 1);
    expect(await dispatcher.handOver(10)).toBe(0);
    expect(email.verified).toBe(0);
    clock.moveTo(START + PAUSE);
    expect(await dispatcher.handOver(10)).toBe(0);
    expect(email.verified).toBe(1);
    expect(await db.database.run(pauses)).toMatchObject([
      { channel: 'email', reason: FAULT.reason, until: START + 2 * PAUSE },
    ]);
    expect(email.given).toHaveLength(1);

    email.fault = null;
    email.answer = () => sent;
    clock.moveTo(START + 2 * PAUSE);
    expect(await dispatcher.handOver(10)).toBe(1);
    expect(await db.database.run(pauses)).toEqual([]);
    expect(await storedOne(db.database, mail)).toMatchObject({ status: 'sent', attempts: 2 });
    // Who stopped what, and when it went on (rule S6); that it lasted is no news.
    const audits = `SELECT actor, action, subject, details, at FROM audit WHERE subject = 'email' AND at >= to_timestamp(${START} / 1000.0) ORDER BY at`;
    expect((await db.database.run({ name: '', text: audits })).slice(-2)).toEqual([
      {
        actor: 'system:dispatch',
        action: 'channel.pause',
        subject: 'email',
        details: { reason: FAULT.reason },
        at: START,
      },
      { actor: 'system:dispatch', action: 'channel.resume', subject: 'email', details: {}, at: START + 2 * PAUSE },
    ]);
  });

  test('the end of a pause is something to do next', async () => {
    const { dispatcher, email } = scene(db.database);
    await addPeople(db.database, [person('ada')]);
    await addMessages(db.database, [readyFor('ada')]);
    email.answer = () => FAULT;
    await dispatcher.handOver(10);
    expect(await dispatcher.nextDue()).toBe(START + PAUSE);
    expect(email.verified).toBe(0);
  });

  test('the rest of the batch is spared it', async () => {
    const { dispatcher, email } = scene(db.database);
    const users = people(40);
    await addPeople(
      db.database,
      users.map((user) => person(user)),
    );
    await addMessages(
      db.database,
      users.map((user) => readyFor(user)),
    );
    email.answer = () => FAULT;
    expect(await dispatcher.handOver(40)).toBe(40);
    expect(email.given).toHaveLength(email.concurrency);
    const untried = [...(await stored(db.database)).values()].filter(({ attempts }) => attempts === 0);
    expect(untried.map(({ status, dueAt, countedAt }) => ({ status, dueAt, countedAt }))).toEqual(
      Array.from({ length: 40 - email.concurrency }, () => ({ status: 'ready', dueAt: START, countedAt: IN_AIR })),
    );
  });
});
