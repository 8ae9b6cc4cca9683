import fc from 'fast-check';
import { fatigueOf } from '../../src/gate/felt.ts';
import { judge, policySchema, policyVersion } from '../../src/gate/index.ts';
import type { JudgeFacts, Message } from '../../src/gate/index.ts';
import { room } from '../../src/pressure/index.ts';
import { consent, contact, facts, message, POLICY } from '../gate/factories.ts';
import {
  concerns,
  earliest,
  maximum,
  used,
  verdict,
  weight,
  type Exclusive,
  type Fatigue,
  type PlainMessage,
  type World,
  type WrittenRule,
} from './oracle.ts';

/** More for a long run on one's own machine: `RUNS=20000 npx jest oracle`. */
const RUNS = Number(process.env['RUNS'] ?? 700);

/** Instants around midnights, also of days on which clocks change, so that everything happens within milliseconds. */
const NOWS = [
  ['Europe/Brussels', '2026-03-28T23:00:00Z'],
  ['Europe/Brussels', '2026-03-31T22:00:00Z'],
  ['America/New_York', '2026-03-09T04:00:00Z'],
  ['America/New_York', '2026-07-01T04:00:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:15:00Z'],
].map(([zone, at]) => ({ zone: zone!, at: Date.parse(at!) }));

const CATEGORIES = {
  marketing: { subjectTo: true, countsToward: true },
  service: { subjectTo: false, countsToward: true },
  receipts: { subjectTo: false, countsToward: false },
};
const plain = (at: fc.Arbitrary<number>): fc.Arbitrary<PlainMessage> =>
  fc
    .record({
      at,
      channel: fc.constantFrom('email', 'sms'),
      category: fc.constantFrom<keyof typeof CATEGORIES>('marketing', 'marketing', 'marketing', 'service', 'receipts'),
      programme: fc.constantFrom('welcome', 'activation'),
      scenarioId: fc.constantFrom('a', 'b'),
      sender: fc.constantFrom('brand', 'mail-only'),
      purpose: fc.constantFrom('newsletter', 'account'),
      parts: fc.constantFrom(1, 1, 2, 3),
      priority: fc.constantFrom(10, 50, 90),
    })
    .map((made) => ({ ...made, ...CATEGORIES[made.category], parts: made.channel === 'email' ? 1 : made.parts }));

const scope = fc.constantFrom<Record<string, string[]>>(
  {},
  {},
  { channels: ['email'] },
  { channels: ['sms'] },
  { categories: ['marketing'] },
  { programmes: ['welcome'], channels: ['email', 'sms'] },
  { scenarios: ['a'] },
  { senders: ['brand'] },
  { purposes: ['newsletter'], categories: ['marketing', 'receipts'] },
);
const seconds = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((ms) => `PT${(ms / 1000).toFixed(3)}S`);
const onBlocked = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<unknown>('drop', 'exit', { switch: 'sms' }) },
  { weight: 3, arbitrary: fc.oneof(seconds(1, 150), fc.constantFrom('9h', '2000h')).map((hold) => ({ hold })) },
);
const window = fc.oneof(
  { weight: 4, arbitrary: seconds(1, 120).map((rolling) => ({ rolling })) },
  { weight: 1, arbitrary: seconds(1, 120).map((gap) => ({ gap })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Record<string, unknown>>(
      { calendar: 'day' },
      { calendar: 'week' },
      { calendar: 'week', weekStart: 'sunday' },
      { calendar: 'month' },
      { calendar: 'quarter' },
      { calendar: 'year' },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<Record<string, unknown>>({ lifetime: true }, { rolling: '30h' }) },
);
const unit = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constant('sms-parts') },
  {
    weight: 3,
    arbitrary: fc
      .record({ halfLife: seconds(1, 8), email: fc.constantFrom(1, 0.5), sms: fc.constantFrom(undefined, 3) })
      .map(({ halfLife, email, sms }) => ({
        score: { weights: { email, ...(sms !== undefined && { sms }) }, halfLife },
      })),
  },
);
const rule: fc.Arbitrary<Omit<WrittenRule, 'rule'>> = fc
  .record({
    platform: fc.constantFrom(undefined, undefined, undefined, true as const),
    scope,
    window,
    unit,
    max: fc.integer({ min: 0, max: 5 }),
    reserve: fc.option(seconds(1, 80), { freq: 3, nil: undefined }),
    onBlocked,
    bare: fc.boolean(),
  })
  .map(({ bare, platform, unit: of, max, reserve, ...rest }) => {
    const isScore = typeof of === 'object';
    const isGap = 'gap' in rest.window;
    return {
      scope: rest.scope,
      onBlocked: rest.onBlocked,
      ...(platform && { platform }),
      ...(!(isScore && (bare || isGap)) && { window: rest.window }),
      ...(of !== undefined && !(isGap && !isScore) && { unit: of }),
      ...((!isGap || isScore) && { max: isScore ? max + 0.5 : max }),
      ...(reserve !== undefined && { reserve }),
    };
  });
const rules = fc
  .array(rule, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((each, index): WrittenRule => ({ rule: `rule-${index}`, ...each })));
const exclusive: fc.Arbitrary<Exclusive[]> = fc.constantFrom<Exclusive[]>(
  [],
  [],
  [],
  [{ rule: 'welcome-first', while: { programme: 'welcome' }, scope: {}, onBlocked: { hold: '9h' } }],
  [{ rule: 'welcome-first', while: { programme: 'welcome' }, scope: { channels: ['email'] }, onBlocked: 'drop' }],
);
/** Everything of it fades within the instants that are tried one by one. */
const fatigue: fc.Arbitrary<Fatigue> = fc.record({
  halfLife: seconds(1, 8),
  signals: fc.record(
    {
      complaint: fc.constantFrom(8, 3.5),
      unsubscribe: fc.constantFrom(4, 1),
      stop: fc.constant(5),
      unclicked: fc.record({ after: fc.integer({ min: 1, max: 3 }), adds: fc.constantFrom(1, 6) }),
    },
    { requiredKeys: [] },
  ),
  levels: fc.array(
    fc
      .record({
        from: fc.constantFrom(0.3, 1, 2, 4.5),
        times: fc.constantFrom(0, 0.25, 0.5, 0.7, 1),
        rules: fc.constantFrom<string[] | undefined>(undefined, undefined, ['rule-0']),
      })
      .map(({ rules: of, ...level }) => ({ ...level, ...(of && { rules: of }) })),
    { minLength: 1, maxLength: 3 },
  ),
});
const randomCase = fc.constantFrom(...NOWS).chain(({ zone, at }) =>
  fc.record({
    zone: fc.constant(zone),
    now: fc.integer({ min: at - 60, max: at + 60 }),
    rules,
    exclusive,
    inside: fc.constantFrom<string[]>([], ['welcome'], ['activation', 'welcome']),
    candidate: plain(fc.constant(0)),
    ago: fc.integer({ min: 0, max: 60 }),
    past: fc.array(plain(fc.integer({ min: 0, max: 140 })), { maxLength: 9 }),
    fatigue: fc.option(fatigue, { freq: 2, nil: undefined }),
    clicks: fc.array(fc.nat(8), { maxLength: 3 }),
    signals: fc.array(
      fc.record({
        kind: fc.constantFrom<'complaint' | 'unsubscribe' | 'stop'>('complaint', 'unsubscribe', 'stop'),
        at: fc.integer({ min: 0, max: 30 }),
      }),
      { maxLength: 4 },
    ),
    ahead: fc.array(plain(fc.integer({ min: 1, max: 90 })), { maxLength: 4 }),
  }),
);
type Case = typeof randomCase extends fc.Arbitrary<infer Of> ? Of : never;

interface Asked {
  message: Message;
  known: JudgeFacts;
  version: ReturnType<typeof policyVersion>;
  world: World;
}

function asked(made: Case): Asked {
  const sends = made.past
    .map((each, index) => ({ ...each, at: made.now - each.at, clicked: made.clicks.includes(index) }))
    .sort((a, b) => a.at - b.at);
  const signals = made.signals.map(({ kind, at }) => ({ kind, at: made.now - at }));
  const planned = made.ahead.map((each) => ({ ...each, at: made.now + each.at }));
  const categories = Object.fromEntries(
    Object.entries(CATEGORIES).map(([name, flags]) => [name, { ...flags, needsConsent: false }]),
  );
  const written = { ...POLICY, categories, pressure: made.rules, exclusive: made.exclusive, fatigue: made.fatigue };
  const { at: _at, ...candidate } = made.candidate;
  return {
    message: message({
      ...candidate,
      channel: candidate.channel as 'email',
      needsConsent: false,
      plannedAt: made.now - made.ago,
      sender: 'brand',
    }),
    version: policyVersion(1, policySchema.parse(written)),
    world: { sends, planned, zone: made.zone, inside: made.inside, signals, fatigue: made.fatigue },
    known: facts({
      contact: contact({ country: 'BE', phone: '+3225550100', timezone: made.zone }),
      consents: [
        consent(),
        ...signals.flatMap(({ kind, at }, index) =>
          kind === 'unsubscribe' ? [consent({ purpose: `other-${index}`, state: 'withdrawn', at })] : [],
        ),
      ],
      // Against addresses of others: what is felt is the question, not what is forbidden.
      suppressions: signals.flatMap(({ kind, at }) =>
        kind === 'unsubscribe' ? [] : [{ channel: 'sms', address: '+1', reason: kind, at }],
      ),
      sends: sends.map((each, index) => ({ ...each, messageId: String(index), campaign: null })),
      planned: planned.map((each) => ({ ...each, campaign: null, messageId: null, step: 'mail' })),
      inside: made.inside.map((programme) => ({ programme, scenarioId: programme })),
    }),
  };
}

test('P1, P7, P8, P10, P11: what every rule counts, and when it has room, is what trying every instant finds', () => {
  const seen = { refused: 0, kept: 0, lowered: 0, score: 0, parts: 0, never: 0, platform: 0 };
  fc.assert(
    fc.property(randomCase, (made) => {
      const { message: one, known, version, world } = asked(made);
      const candidate = { ...made.candidate, sender: 'brand' };
      const { zone } = made;
      const rooms = room(
        one,
        version.compiled.ruleBook.sides[0]!.ruleSet,
        {
          ...known,
          zone,
          fatigue: fatigueOf(known, version),
          conditionFacts: () => {
            throw new Error('no maximum has a condition');
          },
        },
        made.now,
      );
      const concerned = made.rules.filter((each) => concerns(each, candidate));
      const answers = rooms.filter(({ whileInside }) => !whileInside);
      expect(answers.map((each) => each.rule)).toEqual(concerned.map((each) => each.rule));
      for (const [index, each] of concerned.entries()) {
        const answer = answers[index]!;
        expect(answer.used).toBeCloseTo(used(each, world.sends, made.now, zone), 7);
        expect(answer.cost).toBe(weight(each, candidate));
        expect([answer.rule, answer.max]).toEqual([answer.rule, maximum(each, world, made.now)]);
        if (answer.lowered !== undefined && answer.earliest > made.now) seen.lowered++;
        expect([answer.rule, answer.earliest]).toEqual([answer.rule, earliest(each, candidate, made.now, world)]);
        if (answer.earliest > made.now) seen.refused++;
        if (answer.earliest === Infinity) seen.never++;
        if (answer.kept > 0) seen.kept++;
        if (answer.earliest > made.now && answer.unit === 'score') seen.score++;
        if (answer.earliest > made.now && answer.unit === 'sms-parts') seen.parts++;
        if (!candidate.subjectTo) seen.platform++;
      }
    }),
    { numRuns: RUNS },
  );
  // A room kept for what is planned is rare.
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
});

test('P8, P9: the verdict, the rule it names and the instant it waits for are what trying every instant finds', () => {
  const seen: Record<string, number> = { send: 0, block: 0, hold: 0 };
  fc.assert(
    fc.property(randomCase, (made) => {
      const { message: one, known, version, world } = asked(made);
      const found = judge(one, known, version, made.now).verdict;
      const candidate = { ...made.candidate, sender: 'brand' };
      const plainly = verdict(made.rules, made.exclusive, candidate, one.plannedAt, made.now, world);
      expect(found).toMatchObject(plainly);
      seen[found.kind]!++;
    }),
    { numRuns: RUNS },
  );
  expect(Object.values(seen).every((count) => count > RUNS / 20)).toBe(true);
});
