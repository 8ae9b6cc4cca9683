import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { DataSource } from 'typeorm';
import { connect, createDataSource, Database, type Statement } from '../../src/database/index.ts';
import { Dispatcher } from '../../src/dispatch/index.ts';
import { eventRow, insertEvents } from '../../src/events/index.ts';
import type { Decision, Message } from '../../src/gate/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { composer, FakeChannel, sent } from '../dispatch/setting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { until } from '../support/until.ts';
import { raceLibrary, raceLoop, RULES } from './race-engine.ts';

const USERS = ['ada', 'bob', 'cyd', 'dan'];
const OFFERS = 40;
const KILLS = 4;
/** Milliseconds by which the clocks of the engines are wrong. */
const SKEWS = [0, -250, 400, 90];
/** Of the dispatchers, too. */
const DISPATCHER_SKEWS = [0, 150];

let db: TestDatabase;
const sources: DataSource[] = [];
const sequence = new Sequence(systemClock);

beforeEach(async () => {
  db = await createTestDatabase({ poolSize: 4 });
});
afterEach(async () => {
  for (const source of sources.splice(0)) await source.destroy();
  await db.close();
});

async function ownPool(poolSize = 1): Promise<Database> {
  const source = createDataSource({ url: db.url, poolSize });
  await connect(source);
  sources.push(source);
  return new Database(source);
}

/** Posts a profile, consents and offers 1, 2, 3 … for everybody, each batch twice at once; now and then somebody stops. `after` follows each offer. */
async function post(after: (offer: number) => Promise<void> = async () => {}): Promise<void> {
  const send = async (
    user: string,
    name: string,
    properties: Record<string, unknown>,
    type: 'track' | 'identify' = 'track',
  ): Promise<void> => {
    const contactId = contactIdOf(user);
    const now = systemClock.now();
    const id = derivedId(contactId, 'event', name, JSON.stringify(properties));
    const row = eventRow({
      id,
      contactId,
      userId: user,
      seq: sequence.next(),
      type,
      name,
      at: now,
      receivedAt: now,
      properties,
      historical: false,
      active: true,
    });
    await Promise.all([
      insertEvents(db.database, [row]),
      insertEvents(db.database, [{ ...row, seq: sequence.next() }]),
    ]);
  };
  const run = new PostgresRun(db.database, raceLibrary(), systemClock.now());
  for (const user of USERS) {
    for (const channel of ['email', 'sms']) await run.consent(user, 'granted', channel);
    await send(
      user,
      'Identified',
      { email: `${user}@example.com`, phone: '+3225550100', country: 'BE', trail: '' },
      'identify',
    );
  }
  for (let n = 1; n <= OFFERS; n++) {
    await Promise.all(USERS.map((user) => send(user, 'Offer', { n })));
    if (n % 25 === 0) await send(USERS[0]!, 'Stop', { n });
    await after(n);
  }
}

const left: Statement<{ left: number }> = {
  name: 'race-left',
  text: `SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM message WHERE status IN ('held', 'ready', 'handing')) AS left`,
};

/** What was handed to a provider, and when, by the clock of who did. */
interface Given {
  id: Id;
  at: number;
}

/** Hands over what passed the gate, beside the engines, as long as its judgement holds (rule P1a). */
async function handOver(skew: number, given: Given[], stopped: () => boolean): Promise<void> {
  const clock = { now: () => systemClock.now() + skew };
  const lib = raceLibrary();
  const take = ({ messageId: id }: { messageId: Id }): typeof sent => {
    given.push({ id, at: clock.now() });
    return sent;
  };
  const dispatcher = new Dispatcher({
    database: await ownPool(3),
    clock,
    sequence: new Sequence(clock),
    channels: { email: new FakeChannel('email', take), sms: new FakeChannel('sms', take) },
    composer: composer(),
    library: () => Promise.resolve(lib),
  });
  while (!stopped()) if ((await dispatcher.handOver(5)) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** All dispatchers, until told to stop; resolves with all that was given to providers. */
async function handOverAll(stopped: () => boolean): Promise<Given[]> {
  const given: Given[] = [];
  await Promise.all(DISPATCHER_SKEWS.map((skew) => handOver(skew, given, stopped)));
  return given;
}

async function untilNothingIsLeft(): Promise<void> {
  while ((await db.database.run(left))[0]!.left > 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Independent of the program: what a rule counts for a message, itself included. */
function counted(rule: (typeof RULES)[number], all: readonly Message[], one: Message): number {
  const spans: Record<string, number> = { 'PT0.8S': 800, 'PT0.2S': 200 };
  const day = (at: number): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Brussels' }).format(at);
  const { channels, scenarios } = (rule.scope ?? {}) as { channels?: string[]; scenarios?: string[] };
  const inScope = (message: Message): boolean =>
    (channels === undefined || channels.includes(message.channel)) &&
    (scenarios === undefined || scenarios.includes(message.scenarioId));
  if (!inScope(one)) return 0;
  return all.filter((other) => {
    if (!inScope(other)) return false;
    if ('lifetime' in rule.window) return true;
    if ('calendar' in rule.window) return day(other.countedAt!) === day(one.countedAt!);
    const span = spans[(rule.window.rolling ?? rule.window.gap)!]!;
    return other.countedAt! > one.countedAt! - span && other.countedAt! <= one.countedAt!;
  }).length;
}

async function checkEverything(given: readonly Given[]): Promise<void> {
  // D3: at most once.
  const givenAt = new Map(given.map(({ id, at }) => [id, at]));
  expect(givenAt.size).toBe(given.length);
  const run = new PostgresRun(db.database, raceLibrary(), systemClock.now());
  const texts: Message[] = [];
  const inOrder = Array.from({ length: OFFERS }, (_, index) => ` ${index + 1}`).join('');
  for (const user of USERS) {
    const { contact, enrollments, messages, decisions } = await run.of(user);
    // D5, D2: every offer was taken once, in the order received.
    expect(contact!.attributes['trail']).toBe(inOrder);
    expect(enrollments.filter(({ scenarioId }) => scenarioId === 'trace')).toHaveLength(OFFERS);
    for (const scenario of ['mails', 'texts']) {
      const keys = enrollments.filter(({ scenarioId }) => scenarioId === scenario).map(({ key }) => Number(key));
      expect(keys.sort((a, b) => a - b)).toEqual(Array.from({ length: OFFERS }, (_, index) => index + 1));
    }
    // D6: one message an enrollment, one outcome a message, every judgement recorded.
    expect(new Set(messages.map(({ enrollmentId }) => enrollmentId)).size).toBe(messages.length);
    expect(messages).toHaveLength(2 * OFFERS);
    expect(
      [...new Set(messages.map(({ status }) => status))].filter(
        (status) => !['sent', 'blocked', 'cancelled'].includes(status),
      ),
    ).toEqual([]);
    expect(enrollments.filter(({ endedAt }) => endedAt === null)).toEqual([]);
    const ordinals = (id: string): number[] =>
      decisions.filter(({ messageId }: Decision) => messageId === id).map(({ ordinal }) => ordinal);
    for (const { id, judged } of messages)
      expect(ordinals(id)).toEqual(Array.from({ length: judged }, (_, index) => index + 1));
    // P6: who was refused or taken back holds no room; who was sent does.
    expect(messages.filter(({ status, countedAt }) => (status === 'sent') !== (countedAt !== null))).toEqual([]);
    // P1a: what counts is the hand-over, and what was given to a provider is what was sent.
    expect(messages.filter(({ id, status }) => (status === 'sent') !== givenAt.has(id))).toEqual([]);
    expect(
      messages.filter(
        ({ id, countedAt, dueAt }) => givenAt.has(id) && !(dueAt <= givenAt.get(id)! && givenAt.get(id)! <= countedAt!),
      ),
    ).toEqual([]);
    // P1, for every rule and every window that ends in a counted message.
    const sends = messages.filter(({ countedAt }) => countedAt !== null);
    for (const rule of RULES) {
      const fullest = Math.max(...sends.map((one) => counted(rule, sends, one)));
      expect(`${rule.rule}: ${fullest > (rule.max ?? 1) ? `${fullest} counted` : 'kept'}`).toBe(`${rule.rule}: kept`);
    }
    expect(sends.length).toBeGreaterThan(5);
    texts.push(...sends.filter(({ channel }) => channel === 'sms'));
  }
  // P12: all four have one telephone, and together get no more texts than one of them may.
  for (const rule of RULES.filter(({ rule: name }) => name === 'gap' || name === 'ever')) {
    const fullest = Math.max(...texts.map((one) => counted(rule, texts, one)));
    expect(`${rule.rule}: ${fullest > (rule.max ?? 1) ? `${fullest} counted` : 'kept'}`).toBe(`${rule.rule}: kept`);
  }
  expect(texts).toHaveLength(5);
}

test('P1, P12, D2, D5: four engines with different clocks race on four contacts', async () => {
  let stop = false;
  const loops = SKEWS.map(async (skew) => raceLoop(await ownPool(), skew, () => stop));
  const handing = handOverAll(() => stop);
  try {
    await post();
    await untilNothingIsLeft();
  } finally {
    stop = true;
  }
  const taken = await Promise.all(loops);
  const given = await handing;
  expect(taken.filter((count) => count === 0)).toEqual([]);
  await checkEverything(given);
}, 90_000);

/** An engine in a process of its own, and all that it says. */
class Racer {
  readonly child: ChildProcess;
  private readonly skew: number;
  private text = '';
  private readonly ended: Promise<unknown>;

  constructor(skew: number) {
    this.skew = skew;
    this.child = spawn(
      process.execPath,
      ['--import', './test/support/register.mjs', 'test/engine/race-engine.ts', db.url, String(skew)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.child.stdout!.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.ended = once(this.child, 'exit');
  }

  /** Resolves when it has taken something: a kill that comes before strikes nothing. */
  isAtWork(): boolean {
    return this.text.includes('at work');
  }

  /** Kills it where it stands; another takes its place. */
  async crash(): Promise<Racer> {
    this.child.kill('SIGKILL');
    await this.ended;
    return new Racer(this.skew);
  }

  /** Asks it to end, and tells what it said last. */
  async stop(): Promise<string> {
    this.child.kill('SIGTERM');
    await this.ended;
    return `${this.child.exitCode} ${this.text.trim().split('\n').at(-1)}`;
  }
}

test(`P1, P12, D2, D5: so do three processes, killed ${KILLS} times`, async () => {
  const racers = SKEWS.slice(0, 3).map((skew) => new Racer(skew));
  let stop = false;
  const handing = handOverAll(() => stop);
  let kills = 0;
  const allAtWork = (): Promise<void> => until(() => racers.every((racer) => racer.isAtWork()), { within: 60_000 });
  try {
    await allAtWork();
    await post(async (offer) => {
      if (offer % (OFFERS / KILLS) !== 0) return;
      const index = kills++ % racers.length;
      await until(() => racers[index]!.isAtWork(), { within: 60_000 });
      racers[index] = await racers[index]!.crash();
    });
    await untilNothingIsLeft();
    await allAtWork();
  } finally {
    stop = true;
    for (const racer of racers) racer.child.kill('SIGTERM');
  }
  const given = await handing;
  expect(kills).toBe(KILLS);
  for (const racer of racers) expect(await racer.stop()).toMatch(/^0 taken \d+$/);
  await checkEverything(given);
}, 120_000);
