import fc from 'fast-check';
import { judge, judgeAll, parsePolicy, sideOf } from '../../src/gate/index.ts';
import type { JudgeFacts, Message, PolicyVersion } from '../../src/gate/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { used, type PlainMessage, type WrittenRule } from '../pressure/oracle.ts';
import { at, contact, DAY, facts, HOUR, message, MINUTE, policy, run, sends } from './factories.ts';

const TEST = { id: 'fewer-mails', from: '2026-03-09', until: '2026-03-16', share: '50%' };
/** Midnights of Paris, whoever the contact is. */
const FROM = at('2026-03-09T00:00:00+01:00');
const UNTIL = at('2026-03-16T00:00:00+01:00');
const SIDE = { id: 'fewer-mails', share: 0.5 };
const someone = (side: 'base' | 'variant'): string =>
  Array.from({ length: 20 }, (_, index) => contactIdOf(`user-${index}`)).find((id) => sideOf(SIDE, id) === side)!;
const VARIANT = someone('variant');
const BASE = someone('base');

const weekly = (max: number, onBlocked: unknown = 'drop'): object => ({
  rule: 'weekly',
  window: { rolling: '7d' },
  max,
  onBlocked,
});
const tested = (pressure: object[], variant: object[], more: object = {}): PolicyVersion =>
  policy({ pressure, frequencyTest: { ...TEST, pressure: variant }, ...more });
/** Without French hours, so that only pressure plays a part. */
const known = (id: string, given: Partial<JudgeFacts> = {}): JudgeFacts =>
  facts({ contact: contact({ id, country: 'BE', phone: '+3225550100' }), ...given });
const mail = (contactId: string, plannedAt: number, given: Partial<Message> = {}): Message =>
  message({ contactId, plannedAt, ...given });
const pressureOf = (id: string, now: number, version: PolicyVersion, past: number[] = []) =>
  judge(mail(id, now), known(id, { sends: sends(past) }), version, now).gates.find(({ gate }) => gate === 'pressure')!;

describe('the sides of a frequency test', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => contactIdOf(`user-${index}`));

  test.each([0.05, 0.3, 0.5, 0.9])('a share of %d holds so many of 10,000 contacts, give or take chance', (share) => {
    const variant = ids.filter((id) => sideOf({ id: 'a-test', share }, id) === 'variant').length;
    // Five standard deviations of a binomial count.
    expect(Math.abs(variant - 10_000 * share)).toBeLessThan(5 * Math.sqrt(10_000 * share * (1 - share)));
  });

  test('a contact never changes sides, and stays on the variant’s when the share grows', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), (user, a, b) => {
        const id = contactIdOf(user);
        const [less, more] = [Math.min(a, b) / 100, Math.max(a, b) / 100];
        const side = sideOf({ id: 'a-test', share: less }, id);
        expect(sideOf({ id: 'a-test', share: less }, id)).toBe(side);
        if (side === 'variant') expect(sideOf({ id: 'a-test', share: more }, id)).toBe('variant');
      }),
    );
  });

  test('two tests share the contacts out independently', () => {
    const both = ids.filter((id) =>
      ['one', 'two'].every((test) => sideOf({ id: test, share: 0.5 }, id) === 'variant'),
    ).length;
    expect(Math.abs(both - 2_500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.25 * 0.75));
  });
});

describe('who is judged by what', () => {
  const version = tested([weekly(4)], [weekly(2)]);

  test.each([
    ['the variant’s side before it begins', VARIANT, FROM - 1, 4, undefined],
    ['the variant’s side from its first instant on', VARIANT, FROM, 2, { id: 'fewer-mails', side: 'variant' }],
    ['the variant’s side to its last instant', VARIANT, UNTIL - 1, 2, { id: 'fewer-mails', side: 'variant' }],
    ['the variant’s side when it is over', VARIANT, UNTIL, 4, undefined],
    ['the base’s side before it begins', BASE, FROM - 1, 4, undefined],
    ['the base’s side while it runs', BASE, FROM, 4, { id: 'fewer-mails', side: 'base' }],
    ['the base’s side when it is over', BASE, UNTIL, 4, undefined],
  ])('D6: %s', (_who, id, now, max, side) => {
    const record = pressureOf(id, now, version);
    expect(record).toMatchObject({ passed: true, counters: [{ rule: 'weekly', used: 0, max }] });
    expect(record.test).toEqual(side);
  });

  test('it begins and ends at midnight of the policy, wherever the contact lives', () => {
    const traveller = known(VARIANT);
    traveller.contact.timezone = 'America/New_York';
    const max = (now: number): number =>
      judge(mail(VARIANT, now), traveller, version, now).gates.at(-1)!.counters![0]!.max;
    expect([max(FROM - 1), max(FROM)]).toEqual([4, 2]);
  });

  test('what was sent before it began counts', () => {
    const past = [FROM - 2 * DAY, FROM - DAY];
    expect(pressureOf(VARIANT, FROM, version, past)).toMatchObject({ passed: false, rule: 'weekly' });
    expect(pressureOf(BASE, FROM, version, past)).toMatchObject({ passed: true });
  });

  test('sends are needed as far back as the longer of both', () => {
    const lookBack = (variant: object): number => tested([weekly(4)], [variant]).compiled.lookBack;
    expect(lookBack(weekly(2))).toBe(7 * DAY);
    expect(lookBack({ rule: 'monthly', window: { rolling: '28d' }, max: 4 })).toBe(28 * DAY);
  });

  test('P8: the contact’s own limits, exclusivity and fatigue hold on both sides', () => {
    const strict = tested([weekly(4)], [weekly(3)], {
      fatigue: { halfLife: '30d', signals: { complaint: 10 }, levels: [{ from: 5, times: 0 }] },
      exclusive: [{ rule: 'welcome-first', while: { programme: 'welcome' } }],
    });
    for (const id of [VARIANT, BASE]) {
      const verdictOf = (given: Partial<JudgeFacts>) =>
        judge(mail(id, FROM), known(id, given), strict, FROM).gates.find(({ gate }) => gate === 'pressure');
      expect(verdictOf({})).toMatchObject({ passed: true });
      expect(verdictOf({ ownLimits: { maxPerWeek: 0, pauseUntil: null } })).toMatchObject({ rule: 'own-max-per-week' });
      const inside = [{ programme: 'welcome', scenarioId: 'hello' }] as unknown as JudgeFacts['inside'];
      expect(verdictOf({ inside })).toMatchObject({ rule: 'welcome-first' });
      const suppressions = [
        { channel: 'sms', reason: 'complaint', at: FROM - HOUR, address: null, sender: null },
      ] as unknown as JudgeFacts['suppressions'];
      expect(verdictOf({ suppressions })).toMatchObject({ passed: false, counters: [{ max: 0 }] });
    }
  });

  test('no variant lifts a ceiling of the platform', () => {
    const ceiling = { rule: 'ceiling', platform: true, window: { rolling: '1d' }, max: 1 };
    const lifted = tested([ceiling, weekly(4)], []);
    for (const id of [VARIANT, BASE])
      expect(pressureOf(id, FROM, lifted, [FROM - HOUR])).toMatchObject({ passed: false, rule: 'ceiling' });
    expect(pressureOf(VARIANT, FROM, lifted).counters!.map(({ rule }) => rule)).toEqual(['ceiling']);
  });

  test('D6: a decision names the messages that used the room of a rule of the variant', () => {
    const daily = tested([], [{ rule: 'daily', window: { rolling: '1d' }, max: 1 }]);
    const past = sends([FROM - HOUR]);
    const [judged] = judgeAll([mail(VARIANT, FROM)], known(VARIANT, { sends: past }), daily, FROM);
    expect(judged!.decision.gates.at(-1)).toMatchObject({
      counters: [{ rule: 'daily', taken: [{ messageId: past[0]!.messageId }] }],
      test: { id: 'fewer-mails', side: 'variant' },
    });
  });
});

describe('P9: what waits when the rules change', () => {
  const until = (version: PolicyVersion, now: number, past: number[]): unknown => {
    const { verdict } = judge(mail(VARIANT, now), known(VARIANT, { sends: sends(past) }), version, now);
    return verdict.kind === 'hold' ? (verdict.until - now) / HOUR : verdict;
  };
  const hold = { hold: '20d' };

  test.each([
    ['a stricter variant lets it wait past the beginning', [weekly(1, hold)], [weekly(1, hold)], FROM - DAY, 6 * 24],
    ['a wider variant lets it leave as soon as it begins', [weekly(1, hold)], [weekly(3, hold)], FROM - DAY, 24],
    ['the base lets it leave as soon as the test is over', [weekly(3, hold)], [weekly(1, hold)], UNTIL - DAY, 24],
    ['a rule that ends with the test holds it no longer', [], [weekly(1, hold)], UNTIL - DAY, 24],
    [
      'room that comes before the rules change is not waited for longer',
      [],
      [weekly(1, hold)],
      UNTIL - 7 * DAY,
      6 * 24,
    ],
  ])('%s', (_what, base, variant, now, hours) => {
    expect(until(tested(base, variant), now, [now - DAY])).toBe(hours);
  });

  test('what was asked about the end of a test leaves the answers about earlier instants as they are', () => {
    const morning = at('2026-03-08T06:00:00+01:00');
    // Closed now, so that instants before the test are asked about after one beyond its end.
    const version = tested([weekly(1, hold)], [weekly(0, hold)], {
      quietHours: [{ channels: ['email'], allow: 'Mon-Sun 09:00-20:00' }],
    });
    expect(until(version, morning, [morning - DAY])).toBe((UNTIL + 9 * HOUR - morning) / HOUR);
  });

  test('a rule of the same name on the other side counts for how long it would wait', () => {
    const version = tested([weekly(1, { hold: '2d' })], [weekly(1, { hold: '2d' })]);
    expect(until(version, FROM - DAY, [FROM - 2 * DAY])).toMatchObject({ kind: 'block', rule: 'weekly' });
  });

  const rule = fc.record({
    window: fc.constantFrom({ rolling: '1d' }, { rolling: '3d' }, { calendar: 'day' }, { lifetime: true }),
    max: fc.integer({ min: 0, max: 2 }),
  });
  const rules = fc
    .array(rule, { maxLength: 2 })
    .map((all) => all.map((each, index) => ({ rule: `rule-${index}`, ...each, onBlocked: { hold: '60d' } })));

  test('it is the first instant at which the rules in force then let it pass, found by trying every one', () => {
    const STEP = 6 * HOUR;
    const history = fc.array(fc.integer({ min: 0, max: 16 }), { maxLength: 4 });
    fc.assert(
      fc.property(rules, rules, history, fc.integer({ min: -20, max: 40 }), (base, variant, ago, step) => {
        const version = tested(base, variant);
        const now = FROM + step * STEP;
        const one = mail(VARIANT, now);
        const world = known(VARIANT, { sends: sends(ago.map((each) => now - each * STEP)) });
        const kindAt = (instant: number): string => judge(one, world, version, instant).verdict.kind;
        const { verdict } = judge(one, world, version, now);
        if (verdict.kind === 'block') return;
        let first = now;
        while (kindAt(first) === 'hold') first += STEP;
        expect(verdict.kind === 'hold' ? verdict.until : now).toBe(first);
      }),
      { numRuns: 300 },
    );
  });
});

describe('over time', () => {
  const QUARTER = 15 * MINUTE;
  /** A week before the test, the test, and a week after it. */
  const START = FROM - 7 * DAY;
  const written = fc
    .record({
      scope: fc.constantFrom<Record<string, string[]>>({}, {}, { channels: ['email'] }, { programmes: ['welcome'] }),
      window: fc.constantFrom<Record<string, unknown>>(
        { rolling: '1d' },
        { rolling: '7d' },
        { calendar: 'week' },
        { gap: '16h' },
      ),
      max: fc.integer({ min: 0, max: 3 }),
      onBlocked: fc.constantFrom<unknown>('drop', { hold: '2d' }, { hold: '9d' }),
    })
    .map(({ max, ...rest }) => ('gap' in rest.window ? rest : { ...rest, max }));
  const rulesOf = (name: string): fc.Arbitrary<WrittenRule[]> =>
    fc
      .array(written, { minLength: 1, maxLength: 2 })
      .map((all) => all.map((each, index) => ({ rule: `${name}-${index}`, ...each })));
  const plans = fc.array(
    fc.record({
      quarter: fc.integer({ min: 0, max: 21 * 96 }),
      channel: fc.constantFrom('email' as const, 'sms' as const),
      programme: fc.constantFrom('welcome', 'activation'),
      priority: fc.constantFrom(10, 50, 90),
    }),
    { minLength: 1, maxLength: 14 },
  );
  const planned = (
    id: string,
    all: { quarter: number; channel: 'email' | 'sms'; programme: string; priority: number }[],
  ) => all.map(({ quarter, ...rest }) => mail(id, START + quarter * QUARTER, rest));
  const plain = (of: Message): PlainMessage => ({ ...of, at: of.countedAt! });
  const ceiling: WrittenRule = {
    rule: 'ceiling',
    platform: true,
    scope: {},
    window: { rolling: '2d' },
    max: 2,
    onBlocked: { hold: '3d' },
  };

  test('P1: on both sides nothing leaves beyond the rules in force then, and the ceiling of the platform', () => {
    fc.assert(
      fc.property(rulesOf('base'), rulesOf('variant'), plans, (base, variant, all) => {
        const version = tested([ceiling, ...base], variant);
        for (const id of [VARIANT, BASE]) {
          const { sent } = run(planned(id, all), known(id), version);
          const counted = sent.map(plain);
          for (const [index, one] of counted.entries()) {
            const inTest = one.at >= FROM && one.at < UNTIL && id === VARIANT;
            for (const rule of [ceiling, ...(inTest ? variant : base)]) {
              const concerned = Object.entries(rule.scope).every(([key, names]) =>
                names.includes(key === 'channels' ? one.channel : one.programme),
              );
              if (concerned)
                expect(used(rule, counted.slice(0, index + 1), one.at, 'Europe/Paris')).toBeLessThanOrEqual(
                  rule.max ?? 1,
                );
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('P4: lowering the variant’s cap never sends more', () => {
    fc.assert(
      fc.property(rulesOf('only'), plans, ([rule], all) => {
        if (rule?.max === undefined || rule.max === 0) return;
        // Sent while it runs: what waits for its end has the base's room then.
        const inside = all.map((each) => ({ ...each, quarter: 7 * 96 + (each.quarter % (7 * 96)) }));
        const count = (max: number): number =>
          run(planned(VARIANT, inside), known(VARIANT), tested([], [{ ...rule, max }])).sent.filter(
            ({ countedAt }) => countedAt! < UNTIL,
          ).length;
        expect(count(rule.max - 1)).toBeLessThanOrEqual(count(rule.max));
      }),
      { numRuns: 300 },
    );
  });

  test('who is on the base’s side is judged as by a policy without the test', () => {
    fc.assert(
      fc.property(rulesOf('base'), rulesOf('variant'), plans, (base, variant, all) => {
        const messages = planned(BASE, all);
        const outcomes = (version: PolicyVersion) => [...run(messages, known(BASE), version).outcomes.values()];
        expect(outcomes(tested(base, variant))).toEqual(outcomes(policy({ pressure: base })));
        const now = FROM + DAY;
        const judged = (version: PolicyVersion) =>
          judgeAll(
            messages.map((each) => ({ ...each, dueAt: now })),
            known(BASE),
            version,
            now,
          ).map(({ decision }) => ({
            ...decision,
            gates: decision.gates.map(({ test: _test, ...gate }) => gate),
          }));
        expect(judged(tested(base, variant))).toEqual(judged(policy({ pressure: base })));
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is wrong with a test is said where it stands', () => {
  const POLICY = `timezone: Europe/Paris
country: FR
senders: { brand: { email: hello@example.com } }
purposes: { newsletter: { label: Newsletter, legalBasis: consent } }
pressure:
  - { rule: ceiling, platform: true, window: { rolling: 1d }, max: 3 }
  - { rule: weekly, window: { rolling: 7d }, max: 4 }
exclusive:
  - { rule: welcome-first, while: { programme: welcome } }
`;
  const head = 'id: fewer-mails, from: 2026-12-01, until: 2027-03-01, share: 50%';
  const weeklyOf = (rule: string): string => `pressure: [{ rule: ${rule}, window: { rolling: 7d }, max: 2 }]`;
  const faultsOf = (text: string): string[] =>
    parsePolicy(`${POLICY}frequencyTest: { ${text} }\n`, 'policy.yaml').faults.map(
      ({ line, path, code, message: said, hint }) =>
        `${line} ${path} ${code} ${said}${hint === undefined ? '' : ` — ${hint}`}`,
    );

  test('a test that is written as it should be has no fault, and may call a rule as the policy does', () => {
    expect(faultsOf(`${head}, ${weeklyOf('weekly')}`)).toEqual([]);
    expect(faultsOf(`${head}, pressure: []`)).toEqual([]);
  });

  test.each([
    [
      `id: fewer-mails, from: 2026-12-01, until: 2026-12-01, share: 50%, ${weeklyOf('weekly')}`,
      /^10 frequencyTest\.until wrong-value .*is not after `from`: write the day after the last one of the test/,
    ],
    [
      `id: fewer-mails, from: tomorrow, until: 2027-03-01, share: 50%, ${weeklyOf('weekly')}`,
      /^10 frequencyTest\.from wrong-value .*must be a date, such as `2026-12-24`/,
    ],
    [
      `id: Fewer Mails, from: 2026-12-01, until: 2027-03-01, share: 50%, ${weeklyOf('weekly')}`,
      /^10 frequencyTest\.id wrong-value "Fewer Mails": not an id: write lower-case letters.*such as fewer-mails/,
    ],
    [
      `id: fewer-mails, from: 2026-12-01, until: 2027-03-01, share: 100%, ${weeklyOf('weekly')}`,
      /^10 frequencyTest\.share wrong-value .*leaves one side without contacts: write a share between 0% and 100%/,
    ],
    [
      `id: fewer-mails, from: 2026-12-01, until: 2027-03-01, share: 0.5, ${weeklyOf('weekly')}`,
      /^10 frequencyTest\.share wrong-type the number 0.5 stands where a text is needed — write a percentage, such as 5%$/,
    ],
    [
      `id: fewer-mails, from: 2026-12-01, share: 50%, ${weeklyOf('weekly')}`,
      /^10 frequencyTest\.until missing-key "until" is missing/,
    ],
    [head, /^10 frequencyTest\.pressure missing-key "pressure" is missing/],
    [
      `${head}, pressure: [{ rule: mine, platform: true, window: { rolling: 7d }, max: 2 }]`,
      /^10 frequencyTest\.pressure\.0\.platform wrong-value .*holds on both sides of a test: write the rule under `pressure` of the policy/,
    ],
    [
      `${head}, ${weeklyOf('ceiling')}`,
      /^10 frequencyTest\.pressure\.0\.rule wrong-value .*`ceiling` is a ceiling of the platform, .*: leave it out here, or choose another name/,
    ],
    [
      `${head}, ${weeklyOf('welcome-first')}`,
      /^10 frequencyTest\.pressure\.0\.rule wrong-value .*there is already a rule called `welcome-first`/,
    ],
    [
      `${head}, pressure: [{ rule: twice, window: { gap: 1d } }, { rule: twice, window: { gap: 2d } }]`,
      /^10 frequencyTest\.pressure\.1\.rule wrong-value .*there is already a rule called `twice`/,
    ],
    [
      `${head}, pressure: [{ rule: mine, scope: { senders: [brnd] }, window: { gap: 1d } }]`,
      /^10 frequencyTest\.pressure\.0\.scope\.senders\.0 .*no sender is called `brnd`; there is brand/,
    ],
    [
      `${head}, pressure: [{ rule: mine, window: { rolling: 7d }, max: [{ when: { audience: vip }, max: 2 }, { otherwise: 1 }] }]`,
      /^10 frequencyTest\.pressure\.0\.max\.0\.when unknown-audience there is no audience called vip/,
    ],
    [`${head}, rules: [], pressure: []`, /^10 frequencyTest\.?\S* unknown-key /],
  ])('%s', (text, said) => {
    expect(faultsOf(text)).toEqual([expect.stringMatching(said)]);
  });
});
