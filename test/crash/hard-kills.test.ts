import { performance } from 'node:perf_hooks';
import type { DataSource } from 'typeorm';
import { connect, createDataSource, Database, migrate } from '../../src/database/index.ts';
import { builtMain } from '../support/built.ts';
import { until } from '../support/until.ts';
import { writeFixture, type Fixture } from './fixture.ts';
import { Fleet, SPLIT } from './fleet.ts';
import { startOwnServer, type OwnServer } from './own-server.ts';
import { startSink, type Sink } from './sink.ts';
import { finalState, hurryRetries, isQuiet } from './state.ts';

/** `CRASH_ROUNDS=200 CRASH_SEED=7 npm test -- test/crash/hard-kills.test.ts` for thousands of events. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 7);
const SEED = Number(process.env['CRASH_SEED'] ?? 2026);
const CUSTOMERS_A_ROUND = 12;
/** Connections of a process to the server of mails: what it is sending at once. */
const AT_ONCE = 3;

let fixture: Fixture;
let server: OwnServer;
let dataSource: DataSource;
let database: Database;
let sink: Sink;
let fleet: Fleet;

/** Chance that is the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
/** One for what is done to the service, one for how long the server of mails takes: neither hangs on the other's turn. */
const random = chance(SEED);
const patience = chance(SEED + 1);
const numberOf = (text: string): number => Number(/customer-(\d+)/.exec(text)![1]);

beforeAll(async () => {
  const main = builtMain();
  fixture = writeFixture();
  server = await startOwnServer();
  dataSource = createDataSource({ url: server.url, poolSize: 3 });
  await connect(dataSource);
  await migrate(dataSource);
  database = new Database(dataSource);
  sink = await startSink(
    (to) => numberOf(to) % 7 === 3,
    () => patience() * 60,
  );
  fleet = await Fleet.start(main, fixture, server.url, sink.url, SPLIT, { SMTP_POOL_SIZE: String(AT_ONCE) });
}, 300_000);

afterAll(async () => {
  await fleet?.kill();
  await sink?.close();
  await dataSource?.destroy();
  await server?.stop();
  fixture?.remove();
});

/** Does it again until it is done, whatever is away meanwhile. */
async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const sql = (text: string): Promise<unknown[]> => persist(() => database.run({ name: '', text }));

/** What is done to the service; counted are those after which a message may rightly be unknown. */
const DISTURBANCES: Record<string, () => Promise<number>> = {
  'kill a dispatcher': async () => {
    await fleet.crash(random() < 0.5 ? 'dispatch-a' : 'dispatch-b');
    return 1;
  },
  'kill the engine': async () => {
    await fleet.crash('engine');
    return 0;
  },
  'kill the api': async () => {
    await fleet.crash('api');
    return 0;
  },
  'end the locking connections': async () => {
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 20590`);
    return 0;
  },
  'end all connections': async () => {
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name LIKE 'relance%' AND pid <> pg_backend_pid()`);
    return 0;
  },
  'crash PostgreSQL': async () => {
    server.crash();
    await sql('SELECT 1');
    return 0;
  },
  'fill the disk': async () => {
    await sql('ALTER TABLE message ENABLE TRIGGER disk_full');
    await new Promise((resolve) => setTimeout(resolve, 700));
    await sql('ALTER TABLE message DISABLE TRIGGER disk_full');
    return 0;
  },
};

const acknowledged = new Set<string>();
/** When the withdrawal of a customer was answered. */
const withdrawn = new Map<number, number>();

async function post(route: string, body: object): Promise<void> {
  await until(() => fleet.post(route, body), { within: 240_000, what: () => `${route}\n${fleet.complaints}` });
}

/** What one customer's backend sends: some withdraw while their mails are on the way. */
async function live(index: number, wait: number): Promise<void> {
  const userId = `customer-${index}`;
  const told = async (type: string, nr: number, body: object): Promise<void> => {
    const messageId = `${userId}-${nr}`;
    await post(`/v1/${type}`, { userId, messageId, ...body });
    acknowledged.add(messageId);
  };
  const say = (action: string): Promise<void> => {
    const source = { kind: 'form', reference: 'sign-up', textVersion: '1' };
    return post('/v1/consent', { userId, entries: [{ channel: 'email', purpose: 'newsletter', action, source }] });
  };
  await told('identify', 1, { traits: { email: `${userId}@example.com`, plan: index % 3 === 0 ? 'pro' : 'free' } });
  await say('granted');
  if (index % 2 === 0) await told('track', 2, { event: 'Order Completed', properties: { orderId: `order-${index}` } });
  await told('track', 3, { event: 'Signed Up' });
  if (index % 3 !== 1) return;
  await new Promise((resolve) => setTimeout(resolve, wait));
  await say('withdrawn');
  withdrawn.set(index, performance.now());
}

test(`D1–D6 through ${ROUNDS} kills, crashes and outages of split roles, on the clock of who takes the mails; seed ${SEED}`, async () => {
  await sql(`
    CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
  await sql(`CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON message FOR EACH ROW EXECUTE FUNCTION disk_full()`);
  await sql('ALTER TABLE message DISABLE TRIGGER disk_full');

  const lives: Promise<void>[] = [];
  const names = Object.keys(DISTURBANCES);
  const done = new Set<string>();
  let dead = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let nr = 0; nr < CUSTOMERS_A_ROUND; nr++) lives.push(live(lives.length, random() * 1_500));
    for (const one of lives) one.catch(() => {});
    // Mostly at work, in each order once before any twice.
    const name =
      round < names.length ? names[(round + SEED) % names.length]! : names[Math.floor(random() * names.length)]!;
    await new Promise((resolve) => setTimeout(resolve, 300 + random() * 700));
    dead += await DISTURBANCES[name]!();
    done.add(name);
    if (fleet.failure !== null) throw new Error(fleet.failure);
  }
  await Promise.all(lives);
  const quiet = async (): Promise<boolean> => {
    if (fleet.failure !== null) throw new Error(fleet.failure);
    await hurryRetries(database);
    return isQuiet(database);
  };
  await until(() => persist(quiet), { within: 240_000, every: 100, what: () => `quiet\n${fleet.complaints}` });
  const { events, messages } = await finalState(database);

  // D1, D2: what was acknowledged is stored, once, and came to what it comes to.
  expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(acknowledged.size);
  const at = new Map<string, number[]>();
  for (const mail of sink.accepted) at.set(mail.id, [...(at.get(mail.id) ?? []), mail.at]);
  const wrong: string[] = [];
  let unknown = 0;
  for (const { id, status, category, contact, template } of messages) {
    const taken = at.get(id) ?? [];
    const tell = (what: string): void =>
      void wrong.push(`${what}: ${template} of ${contact}, ${status}, taken ${taken.length}`);
    at.delete(id);
    // D3: never twice, but for what may be; what is sent was taken, and nothing else but what may be unknown.
    if (category !== 'transactional' && taken.length > 1) tell('taken twice');
    if (status === 'sent' && taken.length === 0) tell('lost');
    if (status !== 'sent' && status !== 'unknown' && taken.length > 0) tell('taken all the same');
    if (status === 'unknown') unknown += 1;
    if (status === 'unknown' && category === 'transactional') tell('transactional and unknown');
    // D4: on the clock of who takes the mails, none after the withdrawal was answered.
    const answered = withdrawn.get(numberOf(contact));
    if (category === 'marketing' && answered !== undefined && taken.some((instant) => instant > answered))
      tell('taken after the withdrawal');
    if (!['sent', 'unknown', 'blocked'].includes(status)) tell('without an outcome');
  }
  expect(wrong).toEqual([]);
  expect([...at.keys()]).toEqual([]);
  // D3: a dead process loses what it was sending, and nothing is lost by an outage.
  expect(unknown).toBeLessThanOrEqual(dead * AT_ONCE);
  // P1: no contact holds more room than the cap has.
  const room = new Map<string, number>();
  for (const { contact, counted, category } of messages)
    if (counted && category === 'marketing') room.set(contact, (room.get(contact) ?? 0) + 1);
  expect(Math.max(...room.values())).toBeLessThanOrEqual(2);
  // It was worth its while.
  if (ROUNDS >= names.length) expect(done.size).toBe(names.length);
  expect(sink.greylisted).toBeGreaterThan(0);
  expect(withdrawn.size).toBeGreaterThan(ROUNDS * 3);
  expect(messages.filter(({ gate }) => gate === 'consent').length).toBeGreaterThan(0);
}, 600_000);
