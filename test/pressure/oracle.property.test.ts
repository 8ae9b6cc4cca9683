import fc from 'fast-check';
import { judge, policySchema, policyVersion } from '../../src/gate/index.ts';
import type { JudgeFacts, Message } from '../../src/gate/index.ts';
import { room } from '../../src/pressure/index.ts';
import { consent, contact, facts, message, POLICY } from '../gate/factories.ts';
import {
  concerns,
  earliest,
  used,
  verdict,
  weight,
  type Exclusive,
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
  const sends = made.past.map((each) => ({ ...each, at: made.now - each.at })).sort((a, b) => a.at - b.at);
  const planned = made.ahead.map((each) => ({ ...each, at: made.now + each.at }));
  const categories = Object.fromEntries(
    Object.entries(CATEGORIES).map(([name, flags]) => [name, { ...flags, needsConsent: false }]),
  );
  const written = { ...POLICY, categories, pressure: made.rules, exclusive: made.exclusive };
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
    world: { sends, planned, zone: made.zone, inside: made.inside },
    known: facts({
      contact: contact({ country: 'BE', phone: '+3225550100', timezone: made.zone }),
      consents: [consent()],
      sends: sends.map((each, index) => ({ ...each, messageId: String(index), campaign: null })),
      planned: planned.map((each) => ({ ...each, campaign: null })),
      inside: made.inside.map((programme) => ({ programme, scenarioId: programme })),
    }),
  };
}

test('P1, P7, P8, P10, P11: what every rule counts, and when it has room, is what trying every instant finds', () => {
  const seen = { refused: 0, kept: 0, score: 0, parts: 0, never: 0, platform: 0 };
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
          fatigue: null,
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
