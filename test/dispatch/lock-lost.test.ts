import { performance } from 'node:perf_hooks';
import { ConsentService } from '../../src/consent/index.ts';
import { Database, RetryableDatabaseError, Signal } from '../../src/database/index.ts';
import type { Message } from '../../src/gate/index.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { MINUTE } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { racingMails } from './racing.ts';
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
} from './setting.ts';

let db: TestDatabase;
let signal: Signal;
let consent: ConsentService;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 30 });
  signal = new Signal(db.url);
  const clock = { now: () => START };
  consent = new ConsentService(new Database(db.dataSource), signal, new Sequence(clock), clock);
});
afterEach(() => clear(db.database));
afterAll(async () => {
  await signal.close();
  await db.close();
});

/** Ends the connections that hold claimed messages, as an administrator, a failover or a crash of PostgreSQL does. */
async function endLockingConnections(): Promise<number> {
  const rows = await db.database.run({
    name: 'test-end-locking',
    text: `SELECT pg_terminate_backend(pid) FROM (
             SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 20590
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) p`,
  });
  return rows.length;
}

/** Returns when the withdrawal was answered. */
async function withdraw(contactId: Id): Promise<number> {
  const rest = { textVersion: null, text: null, ip: null, userAgent: null };
  const source = { kind: 'one-click', reference: null };
  await consent.withdraw(contactId, { channel: 'email', purpose: 'newsletter', source, ...rest });
  return performance.now();
}

/** Mails of so many people, through a provider that takes its time for each and notes when it took it. */
async function slowMails(people: number, mailsEach: number, takes: () => number, atOnce: number) {
  const names = Array.from({ length: people }, (_, index) => `user-${index}`);
  return { names, ...(await racingMails(db.database, names, mailsEach, takes, atOnce)) };
}

const statusesOf = async (): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { status } of (await stored(db.database)).values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

test('D4: when the locking connection dies during a batch, nothing more begins, and withdrawals wait for what had', async () => {
  const { names, email, handedOver } = await slowMails(50, 1, () => 150, 5);
  const { dispatcher } = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } });
  const batch = dispatcher.handOver(50).catch((error: unknown) => error);
  await until(() => email.given.length === 5);
  expect(await endLockingConnections()).toBe(1);
  // As its loops do, which come back after a failure: what they waited for is written.
  const written = batch.then(() => dispatcher.sweep());
  const answered = new Map(
    await Promise.all(names.map(async (name) => [contactIdOf(name), await withdraw(contactIdOf(name))] as const)),
  );
  // What they waited for had been taken before they were answered, though nobody held its lock any more.
  const tooLate = email.given.filter(
    ({ messageId, contactId }) => !(handedOver.get(messageId)! < answered.get(contactId)!),
  );
  expect(tooLate).toEqual([]);
  expect(await batch).toBeInstanceOf(RetryableDatabaseError);
  await written;
  // Those it found, and at most as many that began before it was ended.
  expect(email.given.length).toBeLessThanOrEqual(10);
  while ((await dispatcher.handOver(50)) > 0);
  expect(await statusesOf()).toEqual({ sent: email.given.length, blocked: 50 - email.given.length });
});

test('D3, D4: however often locking connections die, nothing leaves twice, after a withdrawal, or unknown', async () => {
  let turn = 0;
  const { names, mails, email, handedOver } = await slowMails(60, 4, () => 1 + (turn++ % 9), 4);
  const dispatchers = Array.from({ length: 2 }, () =>
    scene(db.database, { channels: { email, sms: new FakeChannel('sms') } }),
  );
  const race = { over: false };
  const dispatched = Promise.all(
    dispatchers.map(async ({ dispatcher }) => {
      for (;;) {
        try {
          if ((await dispatcher.handOver(16)) === 0 && (await dispatcher.nextDue()) === null) return;
        } catch (error) {
          if (!(error instanceof RetryableDatabaseError)) throw error;
        }
      }
    }),
  ).finally(() => (race.over = true));
  let ended = 0;
  const ending = (async () => {
    while (!race.over) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      ended += await endLockingConnections();
    }
  })();
  const answered = new Map<Id, number>();
  for (const contactId of names.slice(0, 40).map(contactIdOf)) {
    answered.set(contactId, await withdraw(contactId));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all([dispatched, ending]);
  expect(ended).toBeGreaterThan(3);
  expect(new Set(email.ids).size).toBe(email.ids.length);
  const after = await stored(db.database);
  for (const { id, contactId } of mails) {
    const end = handedOver.get(id);
    expect(after.get(id)!.status).toBe(end === undefined ? 'blocked' : 'sent');
    if (end !== undefined && answered.has(contactId)) expect(end).toBeLessThan(answered.get(contactId)!);
  }
}, 60_000);

describe('D3: a process that dies', () => {
  /** One that never hears of its provider again, nor says that it lives, with what it then says once it is let. */
  async function dying(count: number, atOnce: number) {
    const names = Array.from({ length: count }, (_, index) => `user-${index}`);
    await addPeople(
      db.database,
      names.map((name) => person(name)),
    );
    const messages: Message[] = names.map((name) => readyFor(name));
    await addMessages(db.database, messages);
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const email = new FakeChannel('email', () => answered.then(() => sent), atOnce);
    const dead = scene(db.database, { channels: { email, sms: new FakeChannel('sms') }, renewMs: 1_000_000_000 });
    const batch = dead.dispatcher.handOver(count).catch((error: unknown) => error);
    await until(() => email.given.length === atOnce);
    return { dead, email, answer, batch };
  }

  test('loses what it was sending, and no more: what it had merely claimed leaves at once', async () => {
    const { dead, email, answer, batch } = await dying(40, 4);
    expect(await statusesOf()).toEqual({ handing: 4, ready: 36 });
    const other = scene(db.database);
    // Claimed by a process that lives, and no reason to look all the time.
    expect(await other.dispatcher.handOver(40)).toBe(0);
    expect(await other.dispatcher.nextDue()).toBeGreaterThan(START);
    await endLockingConnections();
    await until(async () => (await other.dispatcher.handOver(40)) > 0);
    expect(await statusesOf()).toEqual({ handing: 4, sent: 36 });
    expect(await other.dispatcher.sweep()).toBe(0);
    other.clock.moveTo(START + MINUTE);
    expect(await other.dispatcher.sweep()).toBe(4);
    expect(await statusesOf()).toEqual({ unknown: 4, sent: 36 });
    expect(await inboxOf(db.database)).toHaveLength(40);

    // It was not dead, only cut off: what the provider has said is known after all, and told to no machine twice.
    answer();
    expect(await batch).toBeInstanceOf(RetryableDatabaseError);
    await dead.dispatcher.close();
    expect(await statusesOf()).toEqual({ sent: 40 });
    expect(await inboxOf(db.database)).toHaveLength(40);
    expect(email.given).toHaveLength(4);
  });

  test('is not judged by one that has only just found the database itself', async () => {
    const { dead, answer, batch } = await dying(3, 3);
    await endLockingConnections();
    const other = scene(db.database);
    other.clock.moveTo(START + MINUTE);
    expect(await other.dispatcher.sweep()).toBe(0);
    answer();
    expect(await batch).toBeInstanceOf(RetryableDatabaseError);
    await dead.dispatcher.close();
    expect(await statusesOf()).toEqual({ sent: 3 });
  });
});

test('what a provider has answered while the disk was full is kept, and written when there is room', async () => {
  const { email } = await slowMails(3, 1, () => 1, 3);
  const { dispatcher, clock } = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } });
  const run = (name: string, text: string): Promise<unknown[]> =>
    db.database.run({ name: '', text: `${text} -- ${name}` });
  await run(
    'full',
    `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
  );
  await run(
    'trigger',
    `CREATE TRIGGER disk_full BEFORE UPDATE ON message FOR EACH ROW WHEN (NEW.status = 'sent') EXECUTE FUNCTION disk_full()`,
  );
  await expect(dispatcher.handOver(3)).rejects.toThrow(/the database cannot be used: could not extend file/);
  clock.moveTo(START + MINUTE);
  await expect(dispatcher.sweep()).rejects.toBeInstanceOf(RetryableDatabaseError);
  await expect(dispatcher.handOver(3)).rejects.toBeInstanceOf(RetryableDatabaseError);
  expect(await statusesOf()).toEqual({ handing: 3 });
  await run('mended', 'DROP TRIGGER disk_full ON message');
  expect(await dispatcher.sweep()).toBe(0);
  expect(await statusesOf()).toEqual({ sent: 3 });
  expect(email.given).toHaveLength(3);
});
