import fc from 'fast-check';
import { HOUR } from './factories.ts';

/** A written scenario, policy and timeline, as random as the language allows while lint would still pass. */
export interface RandomCase {
  scenarios: Record<string, unknown>[];
  policy: Record<string, unknown>;
  timeline: Happening[];
  /** Inbox items a tick of PostgreSQL takes; small ones cut an instant into many ticks. */
  items: number;
}

export type Happening = {
  /** Milliseconds after the one before; mostly 0 or hours. */
  after: number;
  user: string;
  /** The engine does not run until the next happening that is not within an outage. */
  outage: boolean;
} & (
  | { track: string; n: number; late: 'no' | 'historical' | 'old'; active: boolean }
  | { identify: Record<string, unknown> }
  | { consent: 'granted' | 'withdrawn'; channel: string }
  | { confirm: true }
  | { choose: { maxPerWeek?: number | null; pauseFor?: number | null; language?: string } }
  | { enrol: true }
  | { restrict: boolean }
  | { stop: true }
  | { hit: 'click' | 'open'; template: string }
);

export const EVENTS = ['Ask', 'Buy', 'Leave'];
const STATUSES = ['prospect', 'customer'];
const event = fc.constantFrom(...EVENTS);
const where = fc.constantFrom(undefined, undefined, undefined, { property: 'n', gte: 2 }, { property: 'n', equals: 1 });
const listener = fc.record({ event, where }).map(clean);
const duration = fc.constantFrom('1h', '6h', '13h', '1d', '2d', '3d', '1w');

const named = fc.constantFrom({ audience: 'buyers' }, { audience: 'quiet' });
const audiences = {
  buyers: { event: 'Buy', count: { gte: 2 }, within: '5d' },
  quiet: { not: { any: [{ audience: 'buyers' }, { attribute: 'status', equals: 'customer' }] } },
};

const plainCondition = fc.oneof(
  fc.constantFrom<Record<string, unknown>>(
    { attribute: 'status', equals: 'customer' },
    { attribute: 'country', in: ['FR', 'BE'] },
    { attribute: 'timezone', exists: true },
    { not: { attribute: 'seen', exists: true } },
    { consent: { channel: 'email', purpose: 'newsletter' }, is: 'granted' },
    { message: { channel: 'email' }, is: 'sent', within: '2d' },
    { message: { template: 'mail-b' }, is: 'sent' },
    { message: { template: 'mail-a' }, is: 'clicked' },
    { message: { channel: 'email' }, is: 'opened', within: '1d' },
  ),
  fc
    .record({
      event,
      count: fc.constantFrom({ gte: 1 }, { gte: 2 }, { equals: 1 }),
      within: fc.constantFrom(undefined, '1d', '3d'),
      where,
    })
    .map(clean),
);

const condition = fc.oneof({ weight: 6, arbitrary: plainCondition }, { weight: 1, arbitrary: named });

/** What only an audience asks, as its answer hangs on the time of day too. */
const ofTime = fc.constantFrom<Record<string, unknown>>(
  { daysSince: 'birthday', gte: 13_152 },
  { daysSince: 'createdAt', equals: 62 },
  { event: 'Buy', within: '1mo' },
  { event: 'Ask', within: '13h' },
  { not: { event: 'Ask', within: '2d' } },
  { message: { channel: 'email' }, is: 'sent', within: '1d' },
);
const watched = fc.oneof(
  { weight: 3, arbitrary: plainCondition },
  { weight: 3, arbitrary: ofTime },
  { weight: 1, arbitrary: named },
  { weight: 2, arbitrary: fc.tuple(plainCondition, ofTime).map((parts) => ({ all: parts })) },
  { weight: 1, arbitrary: fc.tuple(plainCondition, ofTime).map((parts) => ({ any: parts })) },
);

const wait = fc.oneof(
  duration.map((length) => ({ wait: length })),
  fc.constantFrom(
    { wait: { until: { time: '09:00' } } },
    { wait: { until: { weekday: 'monday', time: '10:00' } } },
    { wait: { until: { attribute: 'birthday', at: '08:00' }, ifMissing: 'next', ifPast: 'exit' } },
    { wait: { until: { attribute: 'birthday', offset: '-1d', at: '08:00' }, ifMissing: 'exit', ifPast: 'next' } },
  ),
);
const send = fc
  .record({
    channel: fc.constantFrom('email', 'email', 'sms'),
    template: fc.constantFrom('mail-a', 'mail-b'),
    priority: fc.constantFrom(undefined, 10, 90),
    category: fc.constantFrom(undefined, undefined, 'service', 'transactional'),
    expires: fc.constantFrom(undefined, undefined, '6h', '2d'),
    window: fc.constantFrom(undefined, undefined, 'Mon-Fri 09:00-17:00'),
  })
  .map((fields) => ({ send: clean(fields) }));

/** A step whose ways lead onwards only, so that no scenario goes round in a circle. `onwards` ends with `end`. */
function step(name: string, onwards: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const way = fc.constantFrom(...onwards);
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .record({ sent: send, onBlocked: way, sms: fc.option(way, { freq: 2, nil: undefined }) })
        .map(({ sent, onBlocked, sms }) => ({ ...sent, onBlocked, ...(sms !== undefined && { switch: { sms } }) })),
    },
    { weight: 2, arbitrary: wait },
    {
      weight: 2,
      arbitrary: fc
        .record({ to: listener, timeout: duration, onEvent: way, onTimeout: way })
        .map(({ to, ...rest }) => ({ waitFor: to, ...rest })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ when: condition, next: way, otherwise: way })
        .map(({ when, next, otherwise }) => ({ choose: [{ when, next }, { otherwise }] })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          url: fc.constantFrom('https://crm.example/{{contact.status}}', 'https://crm.example/?n={{event.n}}'),
          onError: way,
        })
        .map(({ url, onError }) => ({ webhook: { url, headers: { 'X-Trail': '{{contact.trail}}' } }, onError })),
    },
    // Led to by events of their own, some go round in circles, and must end alike.
    {
      weight: 1,
      arbitrary: fc.record({ made: event, n: fc.constantFrom<unknown>(1, 3, '{{event.n}}') }).map(({ made, n }) => ({
        emit: { event: made, properties: { n } },
      })),
    },
    { weight: 1, arbitrary: fc.constantFrom('a', 'b', 'c', 'd').map((to) => ({ enrol: { scenario: to } })) },
    // Shows the order in which everything happened to the contact (rule D5).
    { weight: 1, arbitrary: fc.constant({ set: { trail: `{{contact.trail}} ${name}:{{event.n}}` } }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom<Record<string, unknown>>(
          { status: 'customer' },
          { timezone: 'America/New_York' },
          { birthday: '1990-03-06' },
          { seen: true },
        )
        .map((set) => ({ set })),
    },
  );
}

const steps = (scenario: string): fc.Arbitrary<Record<string, unknown>> =>
  fc.integer({ min: 1, max: 5 }).chain((count) => {
    const names = Array.from({ length: count }, (_, index) => `s${index}`);
    const arbitraries = names.map((name, index) => step(`${scenario}.${name}`, [...names.slice(index + 1), 'end']));
    if (count > 1) arbitraries[0] = fc.oneof(arbitraries[0]!, send);
    return fc.tuple(...arbitraries).map((made) => Object.fromEntries(made.map((each, index) => [names[index]!, each])));
  });

const trigger = fc.oneof(
  { weight: 4, arbitrary: listener },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, unknown>>(
      { date: 'birthday', at: '09:00', yearly: true },
      { date: 'birthday', at: '18:30', offset: '-2d', yearly: true },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        inactivity: fc.constantFrom('2d', '5d'),
        activity: fc.subarray(EVENTS, { minLength: 1 }),
        at: fc.constantFrom(undefined, '10:00'),
        neverActive: fc.boolean(),
      })
      .map(clean),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, unknown>>(
      { rrule: 'FREQ=DAILY', at: '09:00' },
      { rrule: 'FREQ=WEEKLY;BYDAY=MO,TH', at: '18:30' },
      { rrule: 'FREQ=DAILY;INTERVAL=3', at: '08:00', start: '2026-03-01' },
    ),
  },
  { weight: 1, arbitrary: fc.constant({ manual: true }) },
  { weight: 2, arbitrary: watched.map((enters) => ({ enters })) },
  { weight: 1, arbitrary: watched.map((leaves) => ({ leaves })) },
);

const scenario = (name: string): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .record({
      trigger,
      audience: fc.constantFrom<unknown>(
        undefined,
        undefined,
        undefined,
        { attribute: 'country', in: ['FR', 'BE'] },
        { not: { event: 'Leave', within: '2d' } },
      ),
      reentry: fc.constantFrom<unknown>('never', 'always', 'always', 'always', { after: '1d' }),
      key: fc.option(fc.constant('properties.n'), { freq: 4, nil: undefined }),
      exit: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(listener) }),
      goal: fc.option(
        fc.record({ event, where, within: fc.constantFrom(undefined, '1d'), stay: fc.boolean() }).map(clean),
        { freq: 4, nil: undefined },
      ),
      holdout: fc.constantFrom(undefined, undefined, '50%'),
      priority: fc.constantFrom(20, 50, 80),
      steps: steps(name),
    })
    .map((fields) => ({ scenario: name, ...clean(fields) }));

const rule = fc
  .record({
    scope: fc.constantFrom({}, {}, { channels: ['email'] }, { categories: ['marketing'] }, { scenarios: ['a'] }),
    platform: fc.constantFrom(undefined, undefined, undefined, true),
    unit: fc.constantFrom<unknown>(undefined, undefined, undefined, 'sms-parts', {
      score: { weights: { email: 1, sms: 2 }, halfLife: '9h' },
    }),
    reserve: fc.constantFrom(undefined, undefined, '5h', '2d'),
    window: fc.constantFrom<Record<string, unknown>>(
      { rolling: '6h' },
      { rolling: '2d' },
      { gap: '16h' },
      { calendar: 'day' },
      { calendar: 'week' },
      { calendar: 'month' },
      { lifetime: true },
    ),
    max: fc.constantFrom(1, 1, 2, 3, 0),
    onBlocked: fc.constantFrom<unknown>(
      'drop',
      'exit',
      { switch: 'sms' },
      { hold: '6h' },
      { hold: '2d' },
      { hold: '2d' },
      { hold: '8d' },
      { hold: '8d' },
    ),
  })
  .map(({ max, unit, ...rest }) => clean('gap' in rest.window ? rest : { ...rest, unit, max }));

const exclusive = fc.constantFrom<unknown>(
  [],
  [],
  [{ rule: 'a-first', while: { scenario: 'a' }, onBlocked: { hold: '2d' } }],
  [{ rule: 'a-first', while: { scenario: 'a' }, scope: { scenarios: ['b'] }, onBlocked: 'drop' }],
);

/** Of the days on which the timeline plays; the ceilings of the platform are the policy's. */
const frequencyTest = fc.option(
  fc.record({
    id: fc.constantFrom('fewer-mails', 'more-mails'),
    from: fc.constantFrom('2026-03-01', '2026-03-03', '2026-03-05'),
    until: fc.constantFrom('2026-03-06', '2026-03-09', '2026-04-01'),
    share: fc.constant('50%'),
    pressure: fc
      .array(rule, { maxLength: 2, size: 'max' })
      .map((rules) => rules.map(({ platform: _platform, ...each }, index) => ({ rule: `variant-${index}`, ...each }))),
  }),
  { freq: 2, nil: undefined },
);

const policy = fc.record({
  frequencyTest,
  pressure: fc
    .array(rule, { minLength: 1, maxLength: 3, size: 'max' })
    .map((rules) => rules.map((each, index) => ({ rule: `rule-${index}`, ...each }))),
  quietHours: fc.constantFrom<unknown>(
    [],
    [{ channels: ['email', 'sms'], allow: 'Mon-Sat 08:00-20:00' }],
    [{ channels: ['sms'], countries: ['FR'], allow: 'Mon-Fri 10:00-18:00', holidays: 'closed' }],
  ),
  exclusive,
  fatigue: fc.constantFrom<unknown>(
    undefined,
    { halfLife: '2d', signals: { unsubscribe: 4, stop: 6 }, levels: [{ from: 2, times: 0.5 }] },
    {
      halfLife: '11h',
      signals: { unsubscribe: 3, stop: 1, unclicked: { after: 2, adds: 1 } },
      levels: [
        { from: 0.7, times: 0.7 },
        { from: 2, times: 0, rules: ['rule-0'] },
      ],
    },
  ),
  audiences: fc.constant(audiences),
  doubleOptIn: fc.constantFrom<unknown>(undefined, {
    countries: ['BE', 'US'],
    template: 'mail-confirm',
    expires: '2d',
    sender: 'brand',
  }),
});

const identify = fc
  .record(
    {
      birthday: fc.constantFrom('1990-03-03', '1985-03-06', '2000-02-29', null),
      timezone: fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Tokyo', null),
      country: fc.constantFrom('FR', 'BE', 'US', null),
      status: fc.constantFrom(...STATUSES),
      email: fc.constantFrom('someone@example.com', null),
      createdAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-27T12:00:00Z'),
    },
    { requiredKeys: [] },
  )
  .map((traits) => ({ identify: traits }));

const happening: fc.Arbitrary<Happening> = fc
  .record({
    after: fc.constantFrom(0, 0, 0, 1, 90_000, HOUR, 5 * HOUR, 13 * HOUR, 30 * HOUR),
    user: fc.constantFrom('ada', 'ada', 'bob', 'cyd'),
    outage: fc.constantFrom(false, false, false, false, false, false, true),
    what: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          track: event,
          n: fc.integer({ min: 1, max: 3 }),
          late: fc.constantFrom(
            'no' as const,
            'no' as const,
            'no' as const,
            'no' as const,
            'historical' as const,
            'old' as const,
          ),
          active: fc.constantFrom(true, true, true, false),
        }),
      },
      { weight: 2, arbitrary: identify },
      {
        weight: 1,
        arbitrary: fc.record({
          consent: fc.constantFrom('granted' as const, 'withdrawn' as const),
          channel: fc.constantFrom('email', 'sms'),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ enrol: true as const }) },
      { weight: 1, arbitrary: fc.constant({ confirm: true as const }) },
      { weight: 1, arbitrary: fc.constant({ stop: true as const }) },
      { weight: 1, arbitrary: fc.constantFrom({ restrict: true }, { restrict: false }, { restrict: false }) },
      {
        weight: 1,
        arbitrary: fc.record({
          choose: fc.oneof(
            fc.record({ maxPerWeek: fc.constantFrom(1, 2, null) }),
            fc.record({ pauseFor: fc.constantFrom(6 * HOUR, 60 * HOUR, null) }),
            fc.constantFrom({ language: 'fr' }, { language: 'en', pauseFor: null }),
          ),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          hit: fc.constantFrom('click' as const, 'click' as const, 'open' as const),
          template: fc.constantFrom('mail-a', 'mail-b'),
        }),
      },
    ),
  })
  .map(({ what, ...rest }) => ({ ...rest, ...what }));

export const randomCase: fc.Arbitrary<RandomCase> = fc
  .record({
    scenarios: fc.tuple(scenario('a'), scenario('b'), scenario('c'), scenario('d')),
    policy,
    timeline: fc.array(happening, { minLength: 5, maxLength: 30, size: 'max' }),
    items: fc.constantFrom(1, 3, 1_000),
  })
  // An outage or a restriction is caught up in one tick; what is rescheduled while catching up is looked at in the next one.
  .map((made) => (made.timeline.some((each) => each.outage || 'restrict' in each) ? { ...made, items: 1_000 } : made));

function clean(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
