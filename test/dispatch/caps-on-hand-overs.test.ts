import { SmtpAdapter } from '../../src/channels/index.ts';
import { PostgresWorld, tick } from '../../src/engine/index.ts';
import type { Message } from '../../src/gate/index.ts';
import type { SMTPServerOptions } from 'smtp-server';
import type { Library } from '../../src/scenarios/index.ts';
import type { Instant } from '../../src/shared/clock.ts';
import type { Id } from '../../src/shared/ids.ts';
import { startMailServer } from '../channels/mail-server.ts';
import { DAY, HOUR, MINUTE } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  addMessages,
  addPeople,
  clear,
  FakeChannel,
  library,
  person,
  readyFor,
  scene,
  START,
  stored,
} from './setting.ts';

const SECOND = 1_000;
const PEOPLE = ['ada', 'bob', 'cyd'];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await clear(db.database);
});

/** What stands between the gate and the provider, by the clock of the test. */
interface Trouble {
  /** Dispatchers are not there. */
  away?: (now: Instant) => boolean;
  /** How often one looks whether they are back; a second unless said. */
  looks?: number;
  /** What the server says instead of taking a mail. */
  refuses?: (now: Instant) => { code: number; text: string; sender?: true } | null;
  /** How long it takes to answer once it has the mail; milliseconds. */
  lasts?: number;
}

interface Received {
  contactId: Id;
  at: Instant;
}

/** Lets planned mails be judged and handed over to a real SMTP server until a time; when it received which. */
async function receivedThrough(
  trouble: Trouble,
  policy: Record<string, unknown>,
  planned: readonly number[],
  until: Instant,
  begin = START,
): Promise<Received[]> {
  const law: Library = library(policy);
  const received: Received[] = [];
  const owners = new Map<string, Id>();
  const answered = (refusal: { code: number; text: string }): Error =>
    Object.assign(new Error(refusal.text), { responseCode: refusal.code });
  const options: SMTPServerOptions = {
    onMailFrom: (_address, _session, done) => {
      const refusal = trouble.refuses?.(clock.now()) ?? null;
      done(refusal?.sender === true ? answered(refusal) : null);
    },
    onRcptTo: (_address, _session, done) => {
      const refusal = trouble.refuses?.(clock.now()) ?? null;
      done(refusal === null ? null : answered(refusal));
    },
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const id = /^Message-ID: <([^@]+)@/m.exec(Buffer.concat(chunks).toString())![1]!;
        received.push({ contactId: owners.get(id)!, at: clock.now() });
        clock.moveTo(clock.now() + (trouble.lasts ?? 0));
        done(null);
      });
    },
  };
  const server = await startMailServer(options);
  const email = new SmtpAdapter({ url: server.url, poolSize: 1, timeoutMs: 30_000 });
  closing.push(
    () => server.close(),
    () => email.close(),
  );
  const { clock, dispatcher } = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } }, law);
  clock.moveTo(begin);
  await addPeople(
    db.database,
    PEOPLE.map((user) => person(user)),
  );
  const mails: Message[] = PEOPLE.flatMap((user) =>
    planned.map((after) => {
      const at = begin + after;
      return readyFor(user, {
        status: 'held',
        judged: 0,
        countedAt: null,
        holdsUntil: null,
        plannedAt: at,
        dueAt: at,
        expiresAt: at + 10 * DAY,
      });
    }),
  );
  for (const { id, contactId } of mails) owners.set(id, contactId);
  await addMessages(db.database, mails);

  const world = new PostgresWorld(db.database);
  for (let turns = 0; turns < 500; turns += 1) {
    let done = 0;
    while ((await tick(world, law, clock.now(), { items: 100, lanes: 64 })) > 0) done += 1;
    if (trouble.away?.(clock.now()) !== true) done += await dispatcher.handOver(10);
    if (done > 0) continue;
    const due = [await world.nextDue(), await dispatcher.nextDue()].filter((at) => at !== null && at > clock.now());
    // Whoever is away is back some time.
    const next = Math.min(
      ...(due as Instant[]),
      clock.now() + 5 * MINUTE,
      trouble.away === undefined ? Infinity : clock.now() + (trouble.looks ?? SECOND),
    );
    const rest = [...(await stored(db.database)).values()].some(({ settledAt }) => settledAt === null);
    if (next >= until || !rest) return received;
    clock.moveTo(next);
  }
  throw new Error('it goes on and on');
}

const GAP = { pressure: [{ rule: 'gap', window: { gap: 'PT10S' }, onBlocked: { hold: '9d' } }] };

/** The shortest time between two mails to one person. */
function closest(received: readonly Received[]): number {
  let least = Infinity;
  for (const one of received)
    for (const other of received)
      if (one !== other && one.contactId === other.contactId) least = Math.min(least, Math.abs(one.at - other.at));
  return least;
}

describe('P1a: a gap holds on the instants at which the server received the mails', () => {
  test.each<[string, Trouble]>([
    ['with nothing in between', {}],
    ['with dispatchers away for 42 seconds', { away: (now) => now < START + 42 * SECOND }],
    [
      'with a server that answers 451 for a minute',
      { refuses: (now) => (now < START + MINUTE ? { code: 451, text: '4.7.1 later' } : null) },
    ],
    [
      'with a channel that is paused',
      { refuses: (now) => (now < START + MINUTE ? { code: 550, text: '5.7.515 no', sender: true } : null) },
    ],
    ['with a server that takes 40 seconds to answer', { lasts: 40 * SECOND }],
    [
      'with all of it',
      {
        away: (now) => now % MINUTE < 20 * SECOND,
        lasts: 3 * SECOND,
        refuses: (now) => (now % (5 * MINUTE) < MINUTE ? { code: 451, text: '4.7.1 later' } : null),
      },
    ],
  ])('%s', async (_name, trouble) => {
    const received = await receivedThrough(trouble, GAP, [0, 3 * SECOND, 12 * SECOND, 25 * SECOND], START + 6 * HOUR);
    expect(received).toHaveLength(PEOPLE.length * 4);
    expect(closest(received)).toBeGreaterThanOrEqual(10 * SECOND);
  });
});

test('P1a: a calendar rule holds on the days on which the server received the mails, greylisted over midnight', async () => {
  const midnight = START + 14 * HOUR;
  const received = await receivedThrough(
    { refuses: (now) => (now < midnight + MINUTE ? { code: 451, text: '4.7.1 later' } : null) },
    { pressure: [{ rule: 'daily', window: { calendar: 'day' }, max: 1, onBlocked: { hold: '9d' } }] },
    [0, 15 * SECOND],
    START + 4 * DAY,
    midnight - 10 * SECOND,
  );
  expect(received).toHaveLength(PEOPLE.length * 2);
  const days = received.map(({ contactId, at }) => `${contactId} ${Math.floor((at + HOUR) / DAY)}`);
  expect(new Set(days).size).toBe(received.length);
});

test('P1a: quiet hours that began while dispatchers were away are kept', async () => {
  const received = await receivedThrough(
    { away: (now) => now < START + 11 * HOUR, looks: HOUR },
    { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 08:00-20:00' }] },
    [9 * HOUR],
    START + 2 * DAY,
    START,
  );
  expect(received).toHaveLength(PEOPLE.length);
  for (const { at } of received) expect(new Date(at + HOUR).getUTCHours()).toBe(8);
});
