import type { DeliveryOutcome } from '../../src/channels/index.ts';
import type { Database } from '../../src/database/index.ts';
import { Composer } from '../../src/dispatch/index.ts';
import type { Message } from '../../src/gate/index.ts';
import { laneOf } from '../../src/shared/ids.ts';
import { MINUTE } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  addMessages,
  addPeople,
  clear,
  FakeChannel,
  inboxOf,
  person,
  readyFor,
  scene,
  sent,
  START,
  stored,
  storedOne,
  templates,
  IN_AIR,
} from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => clear(db.database));
afterAll(() => db.close());

/** A promise to be kept by hand. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const users = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);

async function readyMessages(count: number, fields: Partial<Message> = {}): Promise<Message[]> {
  const names = users(count);
  await addPeople(
    db.database,
    names.map((name) => person(name)),
  );
  const messages = names.map((name) => readyFor(name, fields));
  await addMessages(db.database, messages);
  return messages;
}

/** As a process leaves it that dies between its claim and its record. */
async function abandon({ id }: Message, leaseUntil: number): Promise<void> {
  await db.database.run(
    {
      name: 'test-abandon',
      text: `UPDATE message SET status = 'handing', attempts = 1, lease_until = to_timestamp($3::float8 / 1000)
             WHERE lane = $1 AND id = $2`,
    },
    [laneOf(id), id, leaseUntil],
  );
}

test('dispatchers that race hand over each message once (D3)', async () => {
  const messages = await readyMessages(300);
  const email = new FakeChannel('email', () => new Promise((resolve) => setImmediate(() => resolve(sent))), 4);
  const racers = Array.from({ length: 4 }, () =>
    scene(db.database, { channels: { email, sms: new FakeChannel('sms') } }),
  );
  await Promise.all(
    racers.map(async ({ dispatcher }) => {
      while ((await dispatcher.nextDue()) !== null) {
        await dispatcher.handOver(16);
        await dispatcher.sweep();
      }
    }),
  );
  expect(email.ids.toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  expect([...(await stored(db.database)).values()].every(({ status }) => status === 'sent')).toBe(true);
  expect(await inboxOf(db.database)).toHaveLength(messages.length);
});

describe('what a process took and died with (D3)', () => {
  test('is unknown once its lease is over, and never sent again by itself', async () => {
    const [mail] = await readyMessages(1);
    await abandon(mail!, START + 10_000);
    const { dispatcher, email, clock } = scene(db.database);
    expect(await dispatcher.sweep()).toBe(0);
    expect(await dispatcher.nextDue()).toBe(START + 10_000);
    clock.moveTo(START + 10_000);
    expect(await dispatcher.sweep()).toBe(1);
    expect(await storedOne(db.database, mail!)).toMatchObject({
      status: 'unknown',
      reason: 'interrupted',
      countedAt: START + 10_000,
      settledAt: START + 10_000,
      attempts: 1,
    });
    expect(await inboxOf(db.database)).toMatchObject([
      { kind: 'settled', body: { messageId: mail!.id, outcome: 'unknown' } },
    ]);
    clock.moveTo(START + 60 * MINUTE);
    expect(await dispatcher.handOver(10)).toBe(0);
    expect(await dispatcher.sweep()).toBe(0);
    expect(email.given).toEqual([]);
  });

  test('is tried again under the same Message-ID when it is transactional', async () => {
    const [mail] = await readyMessages(1, { category: 'transactional' });
    await abandon(mail!, START);
    const { dispatcher, email, clock } = scene(db.database);
    // Only who has found the database for as long as a lease lasts may judge.
    expect(await dispatcher.sweep()).toBe(0);
    clock.moveTo(START + 10_000);
    await dispatcher.sweep();
    const again = await storedOne(db.database, mail!);
    expect(again).toMatchObject({ status: 'ready', reason: 'interrupted', settledAt: null });
    expect(await inboxOf(db.database)).toEqual([]);
    clock.moveTo(again.dueAt);
    await dispatcher.handOver(10);
    expect(email.ids).toEqual([mail!.id]);
    expect(await storedOne(db.database, mail!)).toMatchObject({ status: 'sent', attempts: 2 });
  });

  test('is settled once, however many look for it', async () => {
    const messages = await readyMessages(20);
    for (const message of messages) await abandon(message, START);
    const sweepers = Array.from({ length: 5 }, () => scene(db.database));
    const sweep = (): Promise<number[]> => Promise.all(sweepers.map(({ dispatcher }) => dispatcher.sweep()));
    expect(await sweep()).toEqual([0, 0, 0, 0, 0]);
    for (const { clock } of sweepers) clock.moveTo(START + 10_000);
    const swept = await sweep();
    expect(swept.reduce((a, b) => a + b)).toBe(20);
    expect(await inboxOf(db.database)).toHaveLength(20);
  });

  test('a process that was only asleep finds what it looked at changed, and hands nothing over', async () => {
    const [mail] = await readyMessages(1);
    const asleep = gate();
    const awake = gate();
    const { dispatcher, email } = scene(db.database, {
      composer: new (class extends Composer {
        override async compose(...given: Parameters<Composer['compose']>): ReturnType<Composer['compose']> {
          asleep.open();
          await awake.passed;
          return super.compose(...given);
        }
      })(templates(), { publicUrl: 'https://relance.example.com', secret: 'a-secret-of-the-tests-only' }),
    });
    const handedOver = dispatcher.handOver(10);
    await asleep.passed;
    // As the engine does when an exit is reached: what is only claimed can still be cancelled.
    await db.database.run(
      { name: 'test-cancel', text: `UPDATE message SET status = 'cancelled', judged = 2 WHERE lane = $1 AND id = $2` },
      [laneOf(mail!.id), mail!.id],
    );
    awake.open();
    await handedOver;
    expect(email.given).toEqual([]);
    expect(await storedOne(db.database, mail!)).toMatchObject({ status: 'cancelled', attempts: 0 });
    expect(await inboxOf(db.database)).toEqual([]);
  });
});

describe('while a provider is slow', () => {
  test('what a living dispatcher has in hand is not swept, and is no reason to look all the time (D3)', async () => {
    const [mail] = await readyMessages(1);
    const { passed, open } = gate();
    const slow = scene(db.database);
    slow.email.answer = () => passed.then(() => sent);
    const handedOver = slow.dispatcher.handOver(10);
    await until(() => slow.email.given.length === 1);
    const other = scene(db.database);
    other.clock.moveTo(START + 5 * MINUTE);
    expect(await other.dispatcher.sweep()).toBe(0);
    expect(await other.dispatcher.handOver(10)).toBe(0);
    expect(await other.dispatcher.nextDue()).toBe(START + 5 * MINUTE + 1_000);
    open();
    await handedOver;
    expect((await storedOne(db.database, mail!)).status).toBe('sent');
  });

  test('what did not begin in time goes back as it was, so that nobody who withdraws waits for a whole batch (D4)', async () => {
    const messages = await readyMessages(20);
    const { dispatcher, email, clock } = scene(db.database);
    email.answer = () => {
      clock.moveTo(clock.now() + 1_000);
      return sent;
    };
    expect(await dispatcher.handOver(20)).toBe(20);
    const begun = new Set(email.ids);
    expect(begun.size).toBeLessThan(10);
    for (const { id, status, attempts, dueAt, countedAt, leaseUntil } of (
      await stored(db.database)
    ).values() as Iterable<Message & { leaseUntil: null }>) {
      const expected = begun.has(id) ? { status: 'sent', attempts: 1 } : { status: 'ready', attempts: 0 };
      expect({ status, attempts, dueAt, inAir: countedAt === IN_AIR, leaseUntil }).toEqual({
        ...expected,
        dueAt: START,
        inAir: !begun.has(id),
        leaseUntil: null,
      });
    }
    while ((await dispatcher.handOver(20)) > 0);
    expect(email.ids.toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  });

  test('no more are in the air at one time than the provider takes', async () => {
    await readyMessages(12);
    let inAir = 0;
    let most = 0;
    const email = new FakeChannel(
      'email',
      async () => {
        most = Math.max(most, ++inAir);
        await new Promise(setImmediate);
        inAir -= 1;
        return sent;
      },
      3,
    );
    const { dispatcher } = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } });
    await dispatcher.handOver(12);
    expect(email.given).toHaveLength(12);
    expect(most).toBe(3);
  });

  test('a hand-over that takes long keeps its locks, and no transaction open (D3, D4)', async () => {
    const [mail] = await readyMessages(1);
    const { passed, open } = gate();
    const { dispatcher, email } = scene(db.database);
    email.answer = () => passed.then(() => sent);
    const handedOver = dispatcher.handOver(10);
    await until(() => email.given.length === 1);
    const inTransaction = await db.database.run({
      name: 'test-in-transaction',
      text: `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    });
    expect(inTransaction).toEqual([]);
    const other = scene(db.database);
    expect(await other.dispatcher.sweep()).toBe(0);
    other.clock.moveTo(START + MINUTE);
    expect(await other.dispatcher.sweep()).toBe(0);
    open();
    await handedOver;
    expect(await storedOne(db.database, mail!)).toMatchObject({ status: 'sent' });
  });

  test('when its locks are lost, nothing more begins, and what was said is written down when the database is back', async () => {
    const messages = await readyMessages(6);
    const email = new FakeChannel('email', () => sent, 1);
    const cut = async (): Promise<DeliveryOutcome> => {
      await cutConnections(db.database);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { kind: 'unknown', reason: 'silence' };
    };
    email.answer = () => (email.given.length === 2 ? cut() : sent);
    const lost = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } });
    await expect(lost.dispatcher.handOver(6)).rejects.toThrow(/cannot be reached/);
    expect(email.given).toHaveLength(2);
    const after = async (): Promise<string[]> =>
      [...(await stored(db.database)).values()].map(({ status }) => status).toSorted();
    // What the first came to was written before the second began; what was only claimed is as it was.
    expect(await after()).toEqual(['handing', 'ready', 'ready', 'ready', 'ready', 'sent']);

    lost.clock.moveTo(START + MINUTE);
    expect(await lost.dispatcher.sweep()).toBe(0);
    expect(await after()).toEqual(['ready', 'ready', 'ready', 'ready', 'sent', 'unknown']);
    expect(await inboxOf(db.database)).toHaveLength(2);
    await lost.dispatcher.handOver(6);
    expect(await after()).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'unknown']);
    expect(email.ids.toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  });
});

/** Ends the connections that hold claimed messages. */
async function cutConnections(database: Database): Promise<void> {
  await database.run({
    name: 'test-cut',
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 20590)`,
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
