import fc from 'fast-check';
import { evaluate, watchedCondition, type Condition, type Facts } from '../../src/audience/index.ts';
import { NOTHING_CAME_BACK } from '../../src/engine/index.ts';
import { contact, facts, past } from './facts.ts';

/** More for a long run on one's own machine. */
const RUNS = Number(process.env['RUNS'] ?? 300);
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Clocks that change in spring and autumn, at midnight, by half an hour, twice around Ramadan, and never. */
const zone = fc.constantFrom(
  'Europe/Paris',
  'America/New_York',
  'America/Havana',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
  'UTC',
);
const NAMES = ['Order Completed', 'Logged In'];
/** Around month ends and clock changes, in years in which all of these zones had them. */
const instant = fc.oneof(
  fc.integer({ min: Date.parse('2017-09-01T00:00:00Z'), max: Date.parse('2018-04-15T00:00:00Z') }),
  fc
    .tuple(
      fc.constantFrom('2017-11-05', '2018-01-31', '2018-02-17', '2018-02-28', '2018-03-11', '2018-03-25', '2018-03-30'),
      fc.integer({ min: -DAY, max: 2 * DAY }),
    )
    .map(([day, off]) => Date.parse(`${day}T00:00:00Z`) + off),
);
const within = fc.constantFrom('1h', '13h', '1d', '3d', '30d', '1mo', '2mo', 'P1M2DT3H', '1y');

const leaf = fc.oneof<fc.Arbitrary<Condition>[]>(
  fc.record({ event: fc.constantFrom(...NAMES), within }),
  fc.record({ event: fc.constantFrom(...NAMES) }),
  fc.record({
    event: fc.constantFrom(...NAMES),
    within,
    where: fc.constantFrom<Condition>(
      { property: 'n', gte: 2 },
      { event: 'Logged In', within: '1d' },
      { daysSince: 'since', gte: 2 },
    ),
    count: fc.constantFrom({ gte: 1 }, { equals: 1 }, { lt: 2 }),
  }),
  fc.record({ message: fc.constantFrom({}, { channel: 'email' }), is: fc.constant('sent' as const), within }),
  fc
    .record({ daysSince: fc.constantFrom('since', 'day'), days: fc.integer({ min: -40, max: 40 }) })
    .chain(({ daysSince, days }) =>
      fc.constantFrom<Condition>(
        { daysSince, gte: days },
        { daysSince, lt: days },
        { daysSince, equals: days },
        { daysSince, gt: days - 0.5, lte: days + 3 },
      ),
    ),
);
const condition = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
  leaf.map((not): Condition => ({ not })),
);

const known: fc.Arbitrary<Facts> = fc
  .record({
    now: instant,
    zone,
    since: instant,
    day: fc.constantFrom('2018-01-31', '2017-10-29', '2018-02-18', '2017-11-05'),
    events: fc.array(fc.tuple(fc.constantFrom(...NAMES), instant, fc.integer({ min: 1, max: 3 })), { maxLength: 6 }),
    sent: fc.array(instant, { maxLength: 3 }),
  })
  .map(({ now, zone: clock, since, day, events, sent }) =>
    facts({
      now,
      zone: clock,
      contact: contact({ attributes: { since: new Date(since).toISOString(), day } }),
      history: events.map(([name, at, n]) => past(name, new Date(at).toISOString(), { n })).sort((a, b) => a.at - b.at),
      messages: sent.map((sentAt) => ({
        template: 'hello',
        scenarioId: 'welcome',
        channel: 'email',
        sender: 'brand',
        sentAt,
        ...NOTHING_CAME_BACK,
      })),
    }),
  );

test('an answer does not change by time alone before the instant told, whatever the clocks do', () => {
  fc.assert(
    fc.property(
      condition,
      known,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      (asked, of, at) => {
        const next = watchedCondition(asked).nextChange(of) ?? of.now + 800 * DAY;
        expect(next).toBeGreaterThan(of.now);
        const answer = evaluate(asked, of);
        const span = next - of.now;
        const hours = Array.from({ length: 60 }, (_, index) => of.now + index * HOUR * 0.5);
        const instants = [next - 1, ...at.map((share) => of.now + Math.floor(share * (span - 1))), ...hours];
        for (const now of instants) if (now < next) expect(evaluate(asked, { ...of, now })).toBe(answer);
      },
    ),
    { numRuns: RUNS },
  );
});

test('of one leaf that asks about one thing it is exact to the millisecond', () => {
  const one: fc.Arbitrary<Condition> = fc.oneof(
    within.map((length) => ({ event: 'Order Completed', within: length })),
    fc.integer({ min: -40, max: 40 }).map((days) => ({ daysSince: 'since', gte: days })),
    fc.integer({ min: -40, max: 40 }).map((days) => ({ daysSince: 'day', equals: days })),
  );
  fc.assert(
    fc.property(one, known, (asked, of) => {
      const single = { ...of, history: of.history.filter(({ name }) => name === 'Order Completed').slice(0, 1) };
      const next = watchedCondition(asked).nextChange(single);
      if (next === null) return;
      expect(evaluate(asked, { ...single, now: next })).not.toBe(evaluate(asked, { ...single, now: next - 1 }));
    }),
    { numRuns: RUNS },
  );
});

describe('the instant told', () => {
  const paris = (text: string): number => Date.parse(text);
  const lastOrder = (at: string, asked: Condition, now: string, more: Partial<Facts> = {}): number | null =>
    watchedCondition(asked).nextChange(
      facts({
        now: paris(now),
        history: [past('Order Completed', at)],
        contact: contact({ attributes: { at } }),
        ...more,
      }),
    );

  test.each<[string, string, Condition, string, string | null]>([
    [
      'the end of 90 days',
      '2026-01-10T10:00:00Z',
      { event: 'Order Completed', within: '90d' },
      '2026-02-01T00:00:00Z',
      '2026-04-10T11:00:00+02:00',
    ],
    [
      'the end of hours',
      '2026-03-28T23:30:00Z',
      { event: 'Order Completed', within: '24h' },
      '2026-03-29T00:00:00Z',
      '2026-03-29T23:30:00Z',
    ],
    [
      'a month from the 31st',
      '2026-01-31T12:00:00+01:00',
      { event: 'Order Completed', within: '1mo' },
      '2026-02-10T00:00:00Z',
      '2026-03-01T00:00:00+01:00',
    ],
    [
      'an event dated ahead',
      '2026-03-12T00:00:00Z',
      { event: 'Order Completed' },
      '2026-03-10T00:00:00Z',
      '2026-03-12T00:00:00Z',
    ],
    ['nothing without `within`', '2026-03-01T00:00:00Z', { event: 'Order Completed' }, '2026-03-10T00:00:00Z', null],
    [
      'local midnight',
      '2026-03-10T21:00:00Z',
      { daysSince: 'at', gte: 30 },
      '2026-03-11T00:00:00Z',
      '2026-04-09T00:00:00+02:00',
    ],
    ['no other midnight', '2026-03-10T21:00:00Z', { daysSince: 'at', gte: 30 }, '2026-04-10T00:00:00Z', null],
    [
      'the midnight at which it ends',
      '2026-03-10T21:00:00Z',
      { not: { daysSince: 'at', equals: 1 } },
      '2026-03-11T12:00:00Z',
      '2026-03-12T00:00:00+01:00',
    ],
  ])('is %s', (_name, at, asked, now, expected) => {
    expect(lastOrder(at, asked, now)).toBe(expected === null ? null : paris(expected));
  });
});
