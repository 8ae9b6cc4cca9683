import fc from 'fast-check';
import { countedSend, judgeAll, type Message } from '../../src/gate/index.ts';
import { at, DAY, facts, HOUR, message, MINUTE, policy } from './factories.ts';

/** More for a long run on one's own machine. */
const RUNS = Number(process.env['RUNS'] ?? 150);
const START = at('2026-03-02T20:00:00Z');
const SECOND = 1_000;

/** Rules that the messages of a few hours meet, and their windows as the test counts them. */
const RULES = {
  gap: { rule: 'gap', window: { gap: '10m' }, onBlocked: { hold: '3d' } },
  hours: { rule: 'hours', window: { rolling: '2h' }, max: 3, onBlocked: { hold: '3d' } },
  day: { rule: 'day', window: { calendar: 'day' }, max: 2, onBlocked: { hold: '5d' } },
  score: {
    rule: 'score',
    unit: { score: { weights: { email: 2 }, halfLife: '1h' } },
    max: 5,
    onBlocked: { hold: '3d' },
  },
};

interface Taken {
  at: number;
  id: string;
}

/** What each rule had counted at the instant of a hand-over, itself included, by the plainest reading of it. */
const counted: Record<keyof typeof RULES, (all: readonly Taken[], one: Taken) => number> = {
  gap: (all, one) => within(all, one, 10 * MINUTE),
  hours: (all, one) => within(all, one, 2 * HOUR),
  day: (all, one) => all.filter((each) => dateOf(each.at) === dateOf(one.at)).length,
  score: (all, one) =>
    all.filter((each) => each.at <= one.at).reduce((sum, each) => sum + 2 * 2 ** ((each.at - one.at) / HOUR), 0),
};
const MAX = { gap: 1, hours: 3, day: 2, score: 5 };

const within = (all: readonly Taken[], one: Taken, length: number): number =>
  all.filter((each) => each.at > one.at - length && each.at <= one.at).length;
const dateOf = (instant: number): string => new Date(instant + HOUR).toISOString().slice(0, 10);

/** What happens to a message with the provider: it comes to its turn, is told to come again, or leaves. */
interface Fate {
  /** Milliseconds until a dispatcher turns to it. */
  waits: number;
  /** For how long the provider asks it to stay away, each time before it is taken. */
  retries: readonly number[];
  /** How long the exchange lasts, and where in it the provider takes it: 0 at once, 1 with its answer. */
  lasts: number;
  takenAt: number;
}

/** Seconds mostly, sometimes hours: dispatchers are away, or a server greylists. */
const wait = fc.oneof(fc.nat(30 * SECOND), fc.nat(30 * MINUTE), fc.nat(5 * HOUR));
const fate: fc.Arbitrary<Fate> = fc.record({
  waits: wait,
  retries: fc.array(fc.oneof(fc.nat(MINUTE), fc.nat(2 * HOUR)), { maxLength: 2 }),
  lasts: fc.oneof(fc.constant(0), fc.nat(40 * SECOND)),
  takenAt: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Runs messages through judgements and hand-overs, each at its own time; when the provider took which. */
function live(planned: readonly { after: number; fate: Fate }[], rules: readonly (keyof typeof RULES)[]): Taken[] {
  const version = policy({ pressure: rules.map((name) => RULES[name]), timezone: 'Europe/Paris' });
  const messages = new Map<
    string,
    { message: Message; fate: Fate; turn: number; answer: Taken | null; tries: number }
  >();
  const coming: { at: number; fate: Fate }[] = [];
  planned.reduce((time, { after, fate: its }) => (coming.push({ at: time + after, fate: its }), time + after), START);
  const gone: Taken[] = [];
  const nextOf = ({
    message: { status, dueAt },
    turn,
    answer,
  }: {
    message: Message;
    turn: number;
    answer: Taken | null;
  }) =>
    status === 'held'
      ? dueAt
      : status === 'ready'
        ? turn
        : answer !== null && status === 'handing'
          ? answer.at
          : Infinity;

  for (let rounds = 0; rounds < 20_000; rounds += 1) {
    const now = Math.min(coming[0]?.at ?? Infinity, ...[...messages.values()].map(nextOf));
    if (now === Infinity) return gone;
    if (coming[0]?.at === now) {
      const one = message({ plannedAt: now, dueAt: now, contactId: facts().contact.id });
      messages.set(one.id, { message: one, fate: coming.shift()!.fate, turn: Infinity, answer: null, tries: 0 });
      continue;
    }
    for (const each of messages.values()) {
      if (nextOf(each) !== now || each.message.status === 'held') continue;
      const {
        message: its,
        fate: { lasts, takenAt, retries },
      } = each;
      if (its.status === 'handing') {
        const again = retries[each.tries++];
        if (again === undefined) each.message = { ...its, status: 'sent', countedAt: now };
        else {
          const dueAt = now + again;
          each.message = { ...its, status: 'ready', dueAt, countedAt: Math.max(its.holdsUntil!, dueAt) };
          each.turn = dueAt;
        }
      } else if (now < its.holdsUntil!) {
        // The mark of the hand-over that begins.
        each.message = { ...its, status: 'handing', countedAt: Math.max(its.countedAt!, now + HOUR) };
        each.answer = { at: now + lasts, id: its.id };
        if (retries[each.tries] === undefined) gone.push({ at: now + Math.floor(lasts * takenAt), id: its.id });
      } else each.message = { ...its, status: 'held', dueAt: now, countedAt: null, holdsUntil: null };
    }
    const due = [...messages.values()].filter((each) => each.message.status === 'held' && each.message.dueAt <= now);
    if (due.length === 0) continue;
    const sends = [...messages.values()]
      .filter((each) => each.message.countedAt !== null)
      .map((each) => countedSend(each.message))
      .sort((a, b) => a.at - b.at);
    for (const judged of judgeAll(
      due.map((each) => each.message),
      facts({ sends }),
      version,
      now,
    )) {
      const each = messages.get(judged.message.id)!;
      each.message = judged.message;
      each.turn = now + each.fate.waits;
    }
  }
  throw new Error('messages are held for ever');
}

const cases = fc.record({
  planned: fc.array(fc.record({ after: fc.oneof(fc.nat(20 * SECOND), fc.nat(HOUR)), fate }), {
    minLength: 2,
    maxLength: 8,
  }),
  rules: fc.subarray(Object.keys(RULES) as (keyof typeof RULES)[], { minLength: 1 }),
});

test('P1a: no rule is exceeded at any instant at which a provider took a message, however long each was in the air', () => {
  fc.assert(
    fc.property(cases, ({ planned, rules }) => {
      const all = live(planned, rules);
      for (const rule of rules)
        for (const one of all) {
          const of = counted[rule](all, one);
          if (of > MAX[rule] + 1e-6) throw new Error(`${rule}: ${of} at ${new Date(one.at).toISOString()}`);
        }
    }),
    { numRuns: RUNS },
  );
});

test('P1a: whatever waits for something in the air leaves in the end', () => {
  fc.assert(
    fc.property(cases, ({ planned, rules }) => {
      // Five days of room, and the holds are long enough: nothing is lost by waiting.
      const most = planned.length <= 8 ? planned.length : 8;
      expect(
        live(
          planned,
          rules.filter((rule) => rule !== 'day'),
        ).length,
      ).toBe(most);
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  );
});

test('P1a: a judgement holds until its calendar period ends, and a day at most', () => {
  const until = (rules: readonly (keyof typeof RULES)[]): number | null => {
    const version = policy({ pressure: rules.map((name) => RULES[name]), timezone: 'Europe/Paris' });
    return judgeAll([message()], facts(), version, START)[0]!.decision.until;
  };
  expect(until(['gap'])).toBe(START + DAY);
  expect(until(['gap', 'day'])).toBe(at('2026-03-03T00:00:00+01:00'));
});
