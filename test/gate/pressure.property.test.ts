import fc from 'fast-check';
import { countedSend, judge, judgeAll } from '../../src/gate/index.ts';
import type { JudgeFacts, Message, PolicyVersion } from '../../src/gate/index.ts';
import { at, consent, contact, DAY, facts, HOUR, message, MINUTE, policy, run, sends } from './factories.ts';

/* Everything happens on quarters of an hour over a fortnight, so that messages meet, and brute force stays exact. */
const START = at('2026-03-20T00:00:00Z');
const QUARTER = 15 * MINUTE;
const quarters = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: count });
const FORTNIGHT = 14 * 96;

interface WrittenRule {
  rule: string;
  scope: Record<string, string[]>;
  window: Record<string, unknown>;
  max?: number;
  onBlocked: unknown;
}

const window = fc.oneof(
  fc.integer({ min: 1, max: 96 * 4 }).map((length) => ({ rolling: `${length * 15}m` })),
  fc.constantFrom({ rolling: '1d' }, { rolling: '7d' }, { gap: '16h' }, { lifetime: true }),
  fc.constantFrom('day', 'week', 'month').map((calendar) => ({ calendar })),
);
const scope = fc.constantFrom<Record<string, string[]>>(
  {},
  {},
  { channels: ['email'] },
  { channels: ['sms'] },
  { categories: ['marketing'] },
  { programmes: ['welcome'] },
);
const hold = fc.integer({ min: 1, max: 20 }).map((days) => ({ hold: `${days * 12}h` }));
const anyBlock = fc.oneof(fc.constantFrom<unknown>('drop', 'exit'), hold);

const ruleOf = (block: fc.Arbitrary<unknown>, scopes = scope): fc.Arbitrary<Omit<WrittenRule, 'rule'>> =>
  fc
    .record({ scope: scopes, window, max: fc.integer({ min: 0, max: 4 }), onBlocked: block })
    .map(({ max, ...rest }) => ('gap' in rest.window ? rest : { ...rest, max }));
const named = (rules: Omit<WrittenRule, 'rule'>[]): WrittenRule[] =>
  rules.map((rule, index) => ({ rule: `rule-${index}`, ...rule }));
const rulesOf = (block: fc.Arbitrary<unknown>): fc.Arbitrary<WrittenRule[]> =>
  fc.array(ruleOf(block), { minLength: 1, maxLength: 3 }).map(named);

const CATEGORIES = {
  marketing: { needsConsent: true, subjectTo: true, countsToward: true },
  service: { needsConsent: false, subjectTo: false, countsToward: true },
  transactional: { needsConsent: false, subjectTo: false, countsToward: false },
};
const planned = (
  category = fc.constantFrom<keyof typeof CATEGORIES>('marketing', 'marketing', 'service', 'transactional'),
): fc.Arbitrary<Message> =>
  fc
    .record({
      quarter: quarters(FORTNIGHT),
      channel: fc.constantFrom('email' as const, 'sms' as const),
      programme: fc.constantFrom('welcome', 'activation'),
      priority: fc.constantFrom(10, 50, 50, 90),
      category,
      expires: fc.option(fc.integer({ min: 1, max: 400 }), { freq: 4 }),
    })
    .map(({ quarter, category: of, expires, ...rest }) => {
      const plannedAt = START + quarter * QUARTER;
      return message({
        ...rest,
        ...CATEGORIES[of],
        category: of,
        plannedAt,
        expiresAt: expires === null ? null : plannedAt + expires * QUARTER,
      });
    });
const several = (maxLength: number, of = planned()): fc.Arbitrary<Message[]> =>
  fc.array(of, { minLength: 1, maxLength });
const history = fc
  .array(quarters(FORTNIGHT), { maxLength: 8 })
  .map((past) => sends(past.map((quarter) => START - quarter * QUARTER)));

const quietHours = fc.constantFrom([], [{ channels: ['email', 'sms'], allow: 'Mon-Sat 08:00-20:00' }]);
/** A contact without French hours, so that only what a property is about plays a part. */
const BELGIAN = contact({ country: 'BE', phone: '+3225550100', timezone: 'Europe/Brussels' });
const known = (given: Partial<JudgeFacts> = {}): JudgeFacts => facts({ contact: BELGIAN, ...given });
const outcomesOf = ({ outcomes }: ReturnType<typeof run>): Record<string, unknown> =>
  Object.fromEntries(
    [...outcomes.values()].map(({ id, status, settledAt, countedAt, dueAt, rule }) => [
      id,
      { status, settledAt, countedAt, dueAt, rule },
    ]),
  );

/** Independent of the program: how many of the messages, in the order of sending, one rule counts for the last of them. */
function bruteCount(
  rule: WrittenRule,
  counted: readonly { at: number; of: Message }[],
  last: number,
  zone: string,
): number {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const period = (instant: number): string => {
    const day = local.format(instant);
    if (rule.window['calendar'] === 'month') return day.slice(0, 7);
    return rule.window['calendar'] === 'week' ? String(Math.floor((Date.parse(day) / DAY + 3) / 7)) : day;
  };
  const length = (text: string): number =>
    Number.parseInt(text, 10) * ({ m: MINUTE, h: HOUR, d: DAY }[text.at(-1)!] ?? Number.NaN);
  const now = counted[last]!.at;
  return counted.slice(0, last + 1).filter(({ at: sentAt, of }) => {
    const inScope = Object.entries(rule.scope).every(([key, names]) =>
      names.includes({ channels: of.channel, categories: of.category, programmes: of.programme }[key]!),
    );
    if (!inScope) return false;
    if ('lifetime' in rule.window) return true;
    if ('calendar' in rule.window) return period(sentAt) === period(now);
    const span = length(String(rule.window['rolling'] ?? rule.window['gap']));
    return sentAt > now - span && sentAt <= now;
  }).length;
}

test('P1: what a rule counts never exceeds its maximum at any message it can refuse', () => {
  fc.assert(
    fc.property(rulesOf(anyBlock), several(14), history, quietHours, (rules, messages, past, hours) => {
      const version = policy({ pressure: rules, quietHours: hours });
      const { sent } = run(messages, known({ sends: past }), version);
      const before = past.map((send) => ({ at: send.at, of: message({ ...send, channel: 'email' }) }));
      const counted = [
        ...before,
        ...sent.filter(({ countsToward }) => countsToward).map((of) => ({ at: of.countedAt!, of })),
      ];
      for (const [index, { of }] of counted.entries()) {
        if (index < before.length || !of.subjectTo) continue;
        for (const rule of rules) {
          if (
            !Object.entries(rule.scope).every(([key, names]) =>
              names.includes({ channels: of.channel, categories: of.category, programmes: of.programme }[key]!),
            )
          )
            continue;
          expect(bruteCount(rule, counted, index, 'Europe/Brussels')).toBeLessThanOrEqual(rule.max ?? 1);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test('P1: in every window of whatever position, when all that counts can be refused', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 3 }),
      several(20, planned(fc.constant('marketing'))),
      hold,
      (length, max, messages, onBlocked) => {
        const version = policy({
          pressure: [{ rule: 'only', window: { rolling: `${length * 15}m` }, max, onBlocked }],
        });
        const instants = run(messages, known(), version).sent.map(({ countedAt }) => countedAt!);
        for (const end of instants)
          expect(
            instants.filter((instant) => instant > end - length * QUARTER && instant <= end).length,
          ).toBeLessThanOrEqual(max);
      },
    ),
    { numRuns: 300 },
  );
});

/** Candidates that are due at one instant, with what was sent before. */
const batch = fc.record({ rules: rulesOf(anyBlock), messages: several(8), past: history, hours: quietHours });
const NOW = START + FORTNIGHT * QUARTER;
const together = (messages: readonly Message[]): Message[] =>
  messages.map((each) => ({ ...each, expiresAt: null, plannedAt: NOW, dueAt: NOW }));
const judged = (messages: readonly Message[], past: JudgeFacts['sends'], version: PolicyVersion): Map<string, string> =>
  new Map(
    judgeAll(messages, known({ sends: past }), version, NOW).map(({ message: { id }, verdict }) => [
      id,
      JSON.stringify(verdict),
    ]),
  );

test('P2: the order in which candidates are given changes nothing', () => {
  fc.assert(
    fc.property(batch, fc.infiniteStream(fc.nat()), ({ rules, messages, past, hours }, shuffle) => {
      const version = policy({ pressure: rules, quietHours: hours });
      const keyed = together(messages).map((each) => ({ each, key: shuffle.next().value as number }));
      const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
      const given = judgeAll(together(messages), known({ sends: past }), version, NOW);
      expect(judgeAll(shuffled, known({ sends: past }), version, NOW)).toEqual(given);
      expect(given.map(({ message: { priority } }) => priority)).toEqual(
        given.map(({ message: { priority } }) => priority).sort((a, b) => b - a),
      );
    }),
  );
});

test('P2: of one priority the earlier due goes first, then the earlier planned, then the lower id', () => {
  const version = policy({ pressure: [{ rule: 'one', window: { gap: '1d' } }] });
  const id = (digit: number): string => `10000000-0000-8000-8000-00000000000${digit}`;
  const first = (a: Partial<Message>, b: Partial<Message>): string =>
    judgeAll([message({ id: id(1), ...a }), message({ id: id(2), ...b })], known(), version, NOW).find(
      ({ verdict }) => verdict.kind === 'send',
    )!.message.id;
  expect(first({ priority: 50, dueAt: 1 }, { priority: 51, dueAt: 2 })).toBe(id(2));
  expect(first({ dueAt: 2 }, { dueAt: 1 })).toBe(id(2));
  expect(first({ dueAt: 1, plannedAt: 2 }, { dueAt: 1, plannedAt: 1 })).toBe(id(2));
  expect(first({ dueAt: 1, plannedAt: 1 }, { dueAt: 1, plannedAt: 1 })).toBe(id(1));
});

test('P3: raising a message’s priority never turns sent into blocked, among candidates due together', () => {
  fc.assert(
    fc.property(batch, fc.nat(), fc.integer({ min: 1, max: 100 }), ({ rules, messages, past, hours }, which, raise) => {
      const version = policy({ pressure: rules, quietHours: hours });
      const candidates = together(messages);
      const chosen = candidates[which % candidates.length]!;
      const raised = candidates.map((each) => (each === chosen ? { ...each, priority: each.priority + raise } : each));
      if (judged(candidates, past, version).get(chosen.id) === '{"kind":"send"}')
        expect(judged(raised, past, version).get(chosen.id)).toBe('{"kind":"send"}');
    }),
    { numRuns: 500 },
  );
});

test('P3: nor over time, under one rule', () => {
  fc.assert(
    fc.property(
      ruleOf(anyBlock),
      several(12),
      fc.nat(),
      fc.integer({ min: 1, max: 100 }),
      (rule, messages, which, raise) => {
        const version = policy({ pressure: named([rule]) });
        const chosen = messages[which % messages.length]!;
        const raised = messages.map((each) => (each === chosen ? { ...each, priority: each.priority + raise } : each));
        if (run(messages, known(), version).outcomes.get(chosen.id)!.status === 'ready')
          expect(run(raised, known(), version).outcomes.get(chosen.id)!.status).toBe('ready');
      },
    ),
    { numRuns: 500 },
  );
});

test('P4: lowering a cap never sends more', () => {
  fc.assert(
    fc.property(ruleOf(anyBlock), several(14), history, (rule, messages, past) => {
      if (rule.max === undefined || rule.max === 0) return;
      const count = (max: number): number =>
        run(messages, known({ sends: past }), policy({ pressure: named([{ ...rule, max }]) })).sent.length;
      expect(count(rule.max - 1)).toBeLessThanOrEqual(count(rule.max));
    }),
    { numRuns: 500 },
  );
});

test('P5: a message that does not count never changes another’s outcome', () => {
  fc.assert(
    fc.property(
      rulesOf(anyBlock),
      several(10),
      several(5, planned(fc.constant('transactional'))),
      quietHours,
      (rules, messages, silent, hours) => {
        const version = policy({ pressure: rules, quietHours: hours });
        const alone = outcomesOf(run(messages, known(), version));
        const accompanied = outcomesOf(run([...messages, ...silent], known(), version));
        for (const { id } of messages) expect(accompanied[id]).toEqual(alone[id]);
      },
    ),
    { numRuns: 300 },
  );
});

test('P6: without the room a released reservation took, all is as if it had never been', () => {
  fc.assert(
    fc.property(batch, fc.nat(), ({ rules, messages, past, hours }, which) => {
      const version = policy({ pressure: rules, quietHours: hours });
      const other = sends([NOW - (which % 96) * QUARTER]);
      const reserved = [...past, ...other].sort((a, b) => a.at - b.at);
      const released = reserved.filter(({ messageId }) => messageId !== other[0]!.messageId);
      expect(judged(together(messages), released, version)).toEqual(judged(together(messages), past, version));
    }),
  );
});

test('P6: a message that had passed and is judged again does not stand in its own way, and gives its room back when refused', () => {
  const version = policy({ pressure: [{ rule: 'gap', window: { gap: '16h' } }] });
  const ready = message({ status: 'ready', countedAt: NOW - HOUR });
  const own = known({ sends: [countedSend(ready)] });
  expect(judgeAll([ready], own, version, NOW)[0]!.message).toMatchObject({ status: 'ready', holdsUntil: NOW + DAY });
  const refused = judgeAll([ready, message()], { ...own, consents: [consent({ channel: 'sms' })] }, version, NOW);
  expect(refused.map(({ message: { status, countedAt } }) => [status, countedAt])).toEqual([
    ['blocked', null],
    ['blocked', null],
  ]);
  const expired = judgeAll([{ ...ready, expiresAt: NOW, priority: 90 }, message()], own, version, NOW);
  expect(expired.map(({ message: { status, countedAt } }) => [status, countedAt])).toEqual([
    ['expired', null],
    ['ready', NOW + DAY],
  ]);
});

test('P8: a message passes when, and only when, each rule alone and the contact’s own choice let it pass', () => {
  const own = fc.option(
    fc.record({
      maxPerWeek: fc.option(fc.integer({ min: 0, max: 3 })),
      pauseUntil: fc.option(quarters(100).map((quarter) => NOW + (quarter - 50) * QUARTER)),
    }),
  );
  fc.assert(
    fc.property(rulesOf(anyBlock), planned(fc.constant('marketing')), history, own, (rules, one, past, ownLimits) => {
      const candidate = together([one])[0]!;
      const kind = (pressure: unknown[], limits: JudgeFacts['ownLimits']): string =>
        judge(candidate, known({ sends: past, ownLimits: limits }), policy({ pressure }), NOW).verdict.kind;
      const each = [...rules.map((rule) => kind([rule], null)), kind([], ownLimits)];
      const all = kind(rules, ownLimits);
      expect(all === 'send').toBe(each.every((alone) => alone === 'send'));
      if (each.includes('block')) expect(all).toBe('block');
    }),
    { numRuns: 500 },
  );
});

test('P9: a held message waits for the earliest instant at which all gates pass, found by trying every one', () => {
  fc.assert(
    fc.property(
      rulesOf(fc.constant({ hold: '400d' })),
      planned(fc.constant('marketing')),
      history,
      quietHours,
      fc.boolean(),
      (rules, one, past, hours, narrow) => {
        const version = policy({ pressure: rules, quietHours: hours });
        const candidate = { ...together([one])[0]!, window: narrow ? 'Mon-Fri 09:30-11:00' : null };
        const asked = (now: number) => judge(candidate, known({ sends: past }), version, now).verdict;
        const verdict = asked(NOW);
        if (verdict.kind !== 'hold') return;
        expect(verdict.until).toBeGreaterThan(NOW);
        let earliest = NOW;
        const horizon = NOW + 62 * DAY;
        while (earliest < horizon && asked(earliest).kind !== 'send') earliest += QUARTER;
        // A rule without any room never lets it pass: it is held by the hours until that rule can block it.
        if (earliest < horizon) expect(verdict.until).toBe(earliest);
      },
    ),
    { numRuns: 150 },
  );
});

test('P9: held messages are judged until they have an outcome, and never wait past their hold for a rule', () => {
  fc.assert(
    fc.property(rulesOf(hold), several(12), quietHours, (rules, messages, hours) => {
      const { outcomes } = run(messages, known(), policy({ pressure: rules, quietHours: hours }));
      for (const { status, dueAt, plannedAt, heldUntil, judged: times } of outcomes.values()) {
        expect(['ready', 'blocked', 'expired']).toContain(status);
        expect(times).toBeGreaterThan(0);
        // Ten days at most, and hours may keep it from Saturday evening to Monday, or over a change of the clocks.
        expect(dueAt - plannedAt).toBeLessThanOrEqual(10 * DAY + 3 * DAY);
        if (heldUntil !== null) expect(heldUntil).toBeGreaterThan(plannedAt);
      }
    }),
    { numRuns: 300 },
  );
});

test('P9: when room comes the higher priority takes it, and the other waits for the next room', () => {
  const version = policy({
    pressure: [{ rule: 'weekly', window: { rolling: '7d' }, max: 2, onBlocked: { hold: '3d' } }],
  });
  const news = message({ priority: 30, plannedAt: at('2026-03-07T12:00:00Z') });
  const offer = message({ priority: 80, plannedAt: at('2026-03-07T13:00:00Z') });
  const past = sends([at('2026-03-01T08:00:00Z'), at('2026-03-03T08:00:00Z')]);
  const { outcomes } = run([news, offer], known({ sends: past }), version);
  expect(outcomes.get(offer.id)).toMatchObject({ status: 'ready', countedAt: at('2026-03-08T08:00:00Z'), judged: 2 });
  expect(outcomes.get(news.id)).toMatchObject({
    status: 'ready',
    countedAt: at('2026-03-10T08:00:00Z'),
    heldUntil: at('2026-03-08T08:00:00Z'),
    judged: 3,
  });
});

test('P12: what was sent to one address counts for whoever else has it', () => {
  const version = policy({ pressure: [{ rule: 'gap', window: { gap: '16h' } }] });
  const twin = known({ contact: contact({ id: '20000000-0000-8000-8000-000000000000' }), sends: sends([NOW - HOUR]) });
  expect(judge(message(), twin, version, NOW).verdict).toMatchObject({ kind: 'block', rule: 'gap' });
});

test('what changes nothing is not changed: candidates and facts stay as they were given', () => {
  const version = policy({ pressure: [{ rule: 'gap', window: { gap: '16h' } }] });
  const candidates = Object.freeze([Object.freeze(message()), Object.freeze(message())]);
  const given = known({
    sends: Object.freeze(sends([NOW - 30 * HOUR])),
    consents: Object.freeze([consent(), consent({ channel: 'sms' })]),
  });
  expect(judgeAll(candidates, Object.freeze(given), version, NOW).map(({ verdict }) => verdict.kind)).toEqual([
    'send',
    'block',
  ]);
});
