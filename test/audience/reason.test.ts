import fc from 'fast-check';
import {
  alwaysHolds,
  compileAudiences,
  coverAll,
  evaluate,
  exclude,
  implies,
  neverHolds,
  type Condition,
} from '../../src/audience/index.ts';
import type { Facts } from '../../src/audience/index.ts';
import { contact, facts, past } from './facts.ts';

const is = (attribute: string, comparison: object): Condition => ({ attribute, ...comparison });
const country = (code: string): Condition => is('country', { equals: code });

describe('what can never hold', () => {
  test.each<[string, Condition]>([
    ['two values at once', { all: [country('FR'), country('BE')] }],
    ['a value that is not among those listed', { all: [country('FR'), is('country', { in: ['BE', 'LU'] })] }],
    ['a value and that it is missing', { all: [country('FR'), is('country', { exists: false })] }],
    ['at least 10 and below 5', is('score', { gte: 10, lt: 5 })],
    ['above 5 and at most 5', is('score', { gt: 5, lte: 5 })],
    ['below a number and above a text', is('score', { lt: 5, gt: 'a' })],
    ['a text before and after', is('name', { lt: 'b', gt: 'c' })],
    ['two beginnings', { all: [is('zip', { startsWith: '75' }), is('zip', { startsWith: '13' })] }],
    [
      'a beginning and not the shorter one',
      { all: [is('zip', { startsWith: '750' }), { not: is('zip', { startsWith: '75' }) }] },
    ],
    ['two ends', { all: [is('mail', { endsWith: '.fr' }), is('mail', { endsWith: '.de' })] }],
    ['a value that its pattern refuses', { all: [country('FR'), is('country', { matches: '^B' })] }],
    ['a pattern and not that pattern', { all: [is('x', { matches: '^B' }), { not: is('x', { matches: '^B' }) }] }],
    ['before one day and after a later one', is('date', { before: '2026-01-01', after: '2026-02-01' })],
    ['before and after one instant', is('date', { before: '2026-01-01T00:00:00Z', after: '2026-01-01T00:00:00Z' })],
    ['contained and not', { all: [is('tags', { contains: 'a' }), { not: is('tags', { contains: 'a' }) }] }],
    ['more days than 5 and fewer than 6', { daysSince: 'lastOrderAt', gt: 5, lt: 6 }],
    ['happened, and happened fewer than once', { all: [{ event: 'A' }, { event: 'A', count: { lt: 1 } }] }],
    [
      'within 30 days but not within 90',
      { all: [{ event: 'A', within: '30d' }, { not: { event: 'A', within: '90d' } }] },
    ],
    [
      'a large one, but none at all',
      { all: [{ event: 'A', where: { property: 'total', gte: 50 } }, { not: { event: 'A' } }] },
    ],
    [
      'larger than 50, but never larger than 20',
      {
        all: [
          { event: 'A', where: { property: 'total', gte: 50 } },
          { not: { event: 'A', where: { property: 'total', gte: 20 } } },
        ],
      },
    ],
    [
      'no state of a consent at all',
      {
        all: (['granted', 'withdrawn', 'refused', 'pending', 'unknown'] as const).map((state) => ({
          not: { consent: { channel: 'sms', purpose: 'p' }, is: state },
        })),
      },
    ],
    [
      'sent within a day, but never sent',
      {
        all: [
          { message: { template: 'a', channel: 'email' }, is: 'sent', within: '1d' },
          { not: { message: { template: 'a' }, is: 'sent' } },
        ],
      },
    ],
    ['an audience and not that audience', { all: [{ audience: 'vip' }, { not: { audience: 'vip' } }] }],
    ['each way of several fails', { all: [country('FR'), { any: [country('BE'), is('country', { exists: false })] }] }],
  ])('%s', (_name, condition) => {
    expect(neverHolds(condition)).toBe(true);
    expect(alwaysHolds({ not: condition })).toBe(true);
  });

  test('audiences that are given are looked into', () => {
    const audiences = { french: country('FR') };
    expect(neverHolds({ all: [{ audience: 'french' }, country('BE')] }, audiences)).toBe(true);
    expect(neverHolds({ all: [{ audience: 'french' }, country('BE')] })).toBe(false);
  });
});

describe('nothing is claimed of what can hold', () => {
  test.each<[string, Condition]>([
    ['a list that contains two things', { all: [is('tags', { contains: 'a' }), is('tags', { contains: 'b' })] }],
    ['unequal to two values', { all: [is('x', { not: 1 }), is('x', { not: 2 })] }],
    ['at least 10 and at most 10', is('x', { gte: 10, lte: 10 })],
    ['two beginnings, one longer', { all: [is('x', { startsWith: 'a' }), is('x', { startsWith: 'ab' })] }],
    ['one attribute and another', { all: [is('x', { equals: 1 }), is('y', { equals: 2 })] }],
    [
      'a property of two events',
      {
        all: [
          { event: 'A', where: { property: 'x', equals: 1 } },
          { event: 'A', where: { property: 'x', equals: 2 } },
        ],
      },
    ],
    ['long ago, not lately', { all: [{ event: 'A', within: '90d' }, { not: { event: 'A', within: '30d' } }] }],
    [
      'days and hours differ when clocks change',
      { all: [{ event: 'A', within: '1d' }, { not: { event: 'A', within: '24h' } }] },
    ],
    [
      'neither above nor at most: no number at all',
      { all: [{ not: is('x', { gt: 5 }) }, { not: is('x', { lte: 5 }) }] },
    ],
    [
      'two states of one consent, for two brands',
      {
        all: (['granted', 'withdrawn'] as const).map((state) => ({
          consent: { channel: 'sms', purpose: 'p' },
          is: state,
        })),
      },
    ],
    ['a day and an instant of it', is('x', { after: '2026-01-01', before: '2026-01-01T06:00:00Z' })],
  ])('%s', (_name, condition) => {
    expect(neverHolds(condition)).toBe(false);
  });
});

test('implied, excluded, and all cases covered', () => {
  expect(implies(is('total', { gte: 100 }), [is('total', { gte: 50 })])).toBe(true);
  expect(implies(is('total', { gte: 50 }), [is('total', { gte: 100 })])).toBe(false);
  expect(implies(is('country', { in: ['FR', 'BE'] }), [country('FR'), country('BE')])).toBe(true);
  expect(exclude({ property: 'form', equals: 'a' }, { property: 'form', equals: 'b' })).toBe(true);
  expect(exclude({ property: 'form', equals: 'a' }, { property: 'other', equals: 'b' })).toBe(false);
  expect(coverAll([is('x', { exists: true }), is('x', { exists: false })])).toBe(true);
  expect(coverAll([is('x', { gt: 5 }), is('x', { lte: 5 })])).toBe(false);
  expect(coverAll([is('x', { gt: 5 }), { not: is('x', { gt: 5 }) }])).toBe(true);
});

test('a condition with more ways than can be tried is left alone, and quickly', () => {
  const wide: Condition = { any: Array.from({ length: 20 }, (_, n) => is(`a${n}`, { equals: n })) };
  const started = performance.now();
  expect(neverHolds({ all: Array.from({ length: 20 }, () => wide) })).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});

describe('what is claimed holds, whoever is asked', () => {
  const audiences: Record<string, Condition> = {
    vip: { attribute: 'a', in: ['FR', 5] },
    nested: { any: [{ audience: 'vip' }, { attribute: 'b', equals: 4 }] },
  };
  const compiled = compileAudiences(audiences);
  const scalar = fc.constantFrom<(string | number | boolean)[]>(
    'FR',
    'BE',
    'F',
    '2026-01-01',
    '2026-01-02T00:00:00Z',
    4,
    5,
    6,
    true,
  );
  const text = fc.constantFrom('F', 'FR', 'R', 'B', '2026');
  const date = fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-01T12:00:00Z', '2026-01-02T00:00:00Z');
  const ordered = fc.constantFrom<(string | number)[]>('BE', 'FR', 4, 5, 6);
  const operator: fc.Arbitrary<object> = fc.oneof(
    ...(['equals', 'not', 'contains'] as const).map((name) => scalar.map((value) => ({ [name]: value }))),
    ...(['in', 'notIn'] as const).map((name) =>
      fc.array(scalar, { minLength: 1, maxLength: 3 }).map((value) => ({ [name]: value })),
    ),
    ...(['startsWith', 'endsWith', 'matches'] as const).map((name) => text.map((value) => ({ [name]: value }))),
    ...(['gt', 'gte', 'lt', 'lte'] as const).map((name) => ordered.map((value) => ({ [name]: value }))),
    ...(['before', 'after'] as const).map((name) => date.map((value) => ({ [name]: value }))),
    fc.boolean().map((exists) => ({ exists })),
  );
  const comparison = fc
    .array(operator, { minLength: 1, maxLength: 2 })
    .map((parts): object => Object.assign({}, ...parts));
  const counted = fc
    .constantFrom('equals', 'gt', 'gte', 'lt', 'lte')
    .chain((name) => fc.integer({ min: 0, max: 3 }).map((value) => ({ [name]: value })));
  const days = fc
    .array(
      fc
        .constantFrom('equals', 'gt', 'gte', 'lt', 'lte')
        .chain((name) => fc.integer({ min: 67, max: 70 }).map((value) => ({ [name]: value }))),
      { minLength: 1, maxLength: 2 },
    )
    .map((parts): object => Object.assign({}, ...parts));
  const within = fc.option(fc.constantFrom('1d', '24h', '30h', '3d', '1mo'), { nil: undefined });
  const leaf = fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b'), comparison).map(([attribute, more]) => ({ attribute, ...more })),
    comparison.map((more) => ({ property: 'p', ...more })),
    days.map((more) => ({ daysSince: 'a', ...more })),
    fc.record({
      event: fc.constantFrom('X', 'Y'),
      where: fc.option(
        comparison.map((more) => ({ property: 'p', ...more })),
        { nil: undefined },
      ),
      count: fc.option(counted, { nil: undefined }),
      within,
    }),
    fc.record({
      consent: fc.record({ channel: fc.constantFrom('email', 'sms'), purpose: fc.constant('p') }),
      is: fc.constantFrom('granted', 'withdrawn', 'refused', 'pending', 'unknown'),
    }),
    fc.record({
      message: fc.record({
        template: fc.option(fc.constantFrom('t', 'u'), { nil: undefined }),
        channel: fc.option(fc.constant('email'), { nil: undefined }),
      }),
      is: fc.constantFrom('sent', 'opened'),
      within,
    }),
    fc.record({ audience: fc.constantFrom('vip', 'nested') }),
  ) as fc.Arbitrary<Condition>;
  const condition = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('node') }),
    ) as fc.Arbitrary<Condition>,
  })).node;
  const value = fc.oneof(
    scalar,
    fc.constant(null),
    fc.constant(undefined),
    fc.constantFrom('FRR', 4.5, 4.999),
    fc.array(scalar, { maxLength: 2 }),
  );
  const known: fc.Arbitrary<Facts> = fc
    .record({
      attributes: fc.record({ a: value, b: value }),
      property: value,
      zone: fc.constantFrom('Europe/Paris', 'Pacific/Kiritimati', 'America/New_York'),
      history: fc.array(
        fc.record({
          name: fc.constantFrom('X', 'Y'),
          at: fc.constantFrom(
            '2026-03-10T11:00:00Z',
            '2026-03-09T12:00:00Z',
            '2026-03-07T00:00:00Z',
            '2026-02-20T00:00:00Z',
            '2025-01-01T00:00:00Z',
          ),
          p: value,
        }),
        { maxLength: 4 },
      ),
      consents: fc.array(
        fc.record({
          channel: fc.constantFrom('email' as const, 'sms' as const),
          purpose: fc.constant('p'),
          state: fc.constantFrom('granted' as const, 'withdrawn' as const, 'refused' as const, 'pending' as const),
          at: fc.constant(0),
          legalBasis: fc.constant(null),
        }),
        { maxLength: 2 },
      ),
      messages: fc.array(
        fc.record({
          template: fc.constantFrom('t', 'u'),
          scenarioId: fc.constant('s'),
          channel: fc.constantFrom('email', 'sms'),
          sender: fc.constant('brand'),
          sentAt: fc.constantFrom('2026-03-09T12:00:00Z', '2026-02-20T00:00:00Z').map((at) => Date.parse(at)),
          deliveredAt: fc.constant(null),
          bouncedAt: fc.constant(null),
          openedAt: fc.constantFrom(null, Date.parse('2026-03-09T12:00:00Z')),
          clickedAt: fc.constant(null),
        }),
        { maxLength: 2 },
      ),
    })
    .map(({ attributes, property, zone, history, consents, messages }) =>
      facts({
        audiences: compiled,
        contact: contact({ attributes }),
        zone,
        event: { name: 'X', at: 0, properties: { p: property } },
        history: history.map(({ name, at, p }) => past(name, at, { p })),
        consents,
        messages,
      }),
    );

  test('never, always, implies, exclude and coverAll against evaluate on random facts', () => {
    let claims = 0;
    fc.assert(
      fc.property(condition, condition, fc.array(known, { minLength: 15, maxLength: 15 }), (a, b, people) => {
        const [never, always] = [neverHolds(a, audiences), alwaysHolds(a, audiences)];
        const [follows, apart, covered] = [
          implies(a, [b], audiences),
          exclude(a, b, audiences),
          coverAll([a, b], audiences),
        ];
        claims += [never, always, follows, apart, covered].filter(Boolean).length;
        for (const person of people) {
          const [holdsA, holdsB] = [evaluate(a, person), evaluate(b, person)];
          if (never) expect(holdsA).toBe(false);
          if (always) expect(holdsA).toBe(true);
          if (follows) expect(!holdsA || holdsB).toBe(true);
          if (apart) expect(holdsA && holdsB).toBe(false);
          if (covered) expect(holdsA || holdsB).toBe(true);
        }
      }),
      { numRuns: 600 },
    );
    // A reasoner that claims nothing would pass as well.
    expect(claims).toBeGreaterThan(50);
  });

  test('one value under many demands', () => {
    const demand = fc.tuple(comparison, fc.boolean()).map(([more, denied]): Condition => {
      const one = { attribute: 'a', ...more } as Condition;
      return denied ? { not: one } : one;
    });
    fc.assert(
      fc.property(
        fc.array(demand, { minLength: 2, maxLength: 4 }),
        fc.array(known, { minLength: 20, maxLength: 20 }),
        (all, people) => {
          if (neverHolds({ all })) for (const person of people) expect(evaluate({ all }, person)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
