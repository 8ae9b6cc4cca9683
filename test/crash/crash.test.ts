import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { builtMain } from '../support/built.ts';
import { until } from '../support/until.ts';
import { startMailServer, type MailServer } from '../channels/mail-server.ts';
import { live } from './customers.ts';
import { writeFixture, type Fixture } from './fixture.ts';
import { Fleet } from './fleet.ts';
import { finalState, hurryRetries, isQuiet, type FinalState } from './state.ts';

const KILLS = 24;
const CUSTOMERS_A_KILL = 10;
const CUSTOMERS = KILLS * CUSTOMERS_A_KILL;
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

let main: string;
let fixture: Fixture;
const databases: TestDatabase[] = [];
const sinks: MailServer[] = [];
const fleets: Fleet[] = [];

beforeAll(async () => {
  main = builtMain();
  fixture = writeFixture();
});

afterAll(async () => {
  await Promise.all(fleets.map((fleet) => fleet.kill()));
  await Promise.all(sinks.map((sink) => sink.close()));
  for (const database of databases) await database.close();
  fixture.remove();
});

/** Chance that is the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const messageIds = (sink: MailServer): string[] =>
  sink.received.map((source) => /^Message-ID: <([^@>]+)@/im.exec(source)![1]!);

/** A server that takes its time to say that it has taken a mail: many kills fall between. */
function startSink(): Promise<MailServer> {
  const received: string[] = [];
  return startMailServer({
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString());
        setTimeout(done, 30, null);
      });
    },
  }).then((server) => ({ ...server, received }));
}

interface Run {
  state: FinalState;
  mails: string[];
  acknowledged: Set<string>;
}

/** Runs the service through all customers' lives, and `disturb` beside them, until nothing is left to happen. */
async function run(disturb: (fleet: Fleet, admit: () => void) => Promise<void>): Promise<Run> {
  const database = await createTestDatabase({ poolSize: 3 });
  databases.push(database);
  const sink = await startSink();
  sinks.push(sink);
  const fleet = await Fleet.start(main, fixture, database.url, sink.url);
  fleets.push(fleet);
  const acknowledged = new Set<string>();
  const lives: Promise<void>[] = [];
  const admit = (): void => {
    for (let index = 0; index < CUSTOMERS_A_KILL; index++) {
      const one = live((route, body) => fleet.post(route, body), lives.length, acknowledged);
      lives.push(one);
      // Told below; meanwhile the others go on.
      one.catch(() => {});
    }
  };
  await disturb(fleet, admit);
  await Promise.all(lives);
  const quiet = async (): Promise<boolean> => {
    if (fleet.failure !== null) throw new Error(fleet.failure);
    await hurryRetries(database.database);
    return isQuiet(database.database);
  };
  await until(quiet, { within: 60_000, every: 100, what: () => `nothing left to do\n${fleet.complaints}` });
  const state = await finalState(database.database);
  await fleet.kill();
  return { state, mails: messageIds(sink), acknowledged };
}

/** Kills one process after another at random moments, mostly at work, now and then while it starts. */
async function killing(fleet: Fleet, admit: () => void): Promise<void> {
  const random = chance(SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    admit();
    const draw = random();
    const member = draw < 0.2 ? 'api' : draw < 0.6 ? 'worker-a' : 'worker-b';
    if (random() < 0.85) {
      await until(() => fleet.isReady(member) || fleet.failure !== null, {
        within: 60_000,
        what: () => fleet.complaints,
      });
    }
    if (fleet.failure !== null) throw new Error(fleet.failure);
    await new Promise((resolve) => setTimeout(resolve, random() * 600));
    await fleet.crash(member);
  }
}

test(`killed ${KILLS} times, the service comes to the same end as one never killed (D1–D5); seed ${SEED}`, async () => {
  const calm = await run(async (_fleet, admit) => {
    for (let kill = 0; kill < KILLS; kill++) admit();
  });
  const killed = await run(killing);

  // D1: what was acknowledged is stored, once.
  expect(killed.acknowledged.size).toBe(calm.acknowledged.size);
  expect(killed.state.events).toEqual(calm.state.events);
  expect(killed.state.events.reduce((sum, { count }) => sum + count, 0)).toBe(killed.acknowledged.size);

  // D2, D5: the same machines in the same steps, the same attributes.
  expect(killed.state.contacts).toEqual(calm.state.contacts);
  expect(killed.state.enrollments).toEqual(calm.state.enrollments);

  // D2, D3, D6: the same messages, judged alike; only what was in the air at a kill may be unknown.
  const judged = ({ messages }: FinalState) =>
    messages.map((message) => ({ ...message, status: message.status === 'unknown' ? 'sent' : message.status }));
  expect(judged(killed.state)).toEqual(judged(calm.state));
  expect(calm.state.messages.filter(({ status }) => status === 'unknown')).toEqual([]);
  expect(
    killed.state.messages.filter(({ status, category }) => status === 'unknown' && category === 'transactional'),
  ).toEqual([]);

  for (const { state, mails } of [calm, killed]) {
    const times = new Map<string, number>();
    for (const id of mails) times.set(id, (times.get(id) ?? 0) + 1);
    for (const { id, status, category } of state.messages) {
      const arrived = times.get(id) ?? 0;
      // D3: never twice, but for what may be: a transactional mail under the same Message-ID.
      if (category !== 'transactional') expect(arrived).toBeLessThanOrEqual(1);
      if (status === 'sent') expect(arrived).toBeGreaterThanOrEqual(1);
      else if (status !== 'unknown') expect(arrived).toBe(0);
      times.delete(id);
    }
    expect([...times.keys()]).toEqual([]);
    // P1: no contact holds more room than the cap has.
    const room = new Map<string, number>();
    for (const { contact, counted } of state.messages) if (counted) room.set(contact, (room.get(contact) ?? 0) + 1);
    expect(Math.max(...room.values())).toBe(2);
  }
  // The fixture is worth its while: everything that can happen did.
  expect(calm.state.enrollments).toHaveLength(CUSTOMERS + Math.ceil(CUSTOMERS / 3) + CUSTOMERS / 2);
  expect(new Set(calm.state.messages.map(({ status, gate }) => `${status} ${gate ?? ''}`))).toEqual(
    new Set(['sent ', 'blocked consent', 'blocked pressure']),
  );
}, 400_000);
