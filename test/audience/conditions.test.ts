import fc from 'fast-check';
import {
  compileAudiences,
  conditionSchema,
  evaluate,
  historyNames,
  usesMessages,
  type Condition,
} from '../../src/audience/index.ts';
import { contact, facts, NOW, past } from './facts.ts';

const yes: Condition = { attribute: 'country', exists: false };
const no: Condition = { attribute: 'country', exists: true };

describe('all, any, not', () => {
  test.each<[string, Condition, boolean]>([
    ['all of what holds', { all: [yes, yes] }, true],
    ['all fails with one', { all: [yes, no] }, false],
    ['any needs one', { any: [no, yes] }, true],
    ['any of nothing that holds', { any: [no, no] }, false],
    ['not', { not: no }, true],
    ['nested', { all: [{ any: [no, yes] }, { not: { all: [yes, no] } }] }, true],
  ])('%s', (_name, condition, expected) => {
    expect(evaluate(condition, facts())).toBe(expected);
  });

  const condition = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.record({ attribute: fc.constantFrom('country', 'tier', 'score'), equals: fc.constantFrom('FR', 'gold', 3) }),
      fc.record({ attribute: fc.constantFrom('country', 'tier'), exists: fc.boolean() }),
      fc.record({
        event: fc.constantFrom('Order Completed', 'Logged In'),
        count: fc.record({ gte: fc.integer({ min: 0, max: 2 }) }),
      }),
      fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('node') }),
    ) as fc.Arbitrary<Condition>,
  })).node;
  const known = fc
    .record({
      country: fc.option(fc.constantFrom('FR', 'BE')),
      tier: fc.option(fc.constant('gold')),
      orders: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ country, tier, orders }) =>
      facts({
        contact: contact({ country, attributes: { tier } }),
        history: Array.from({ length: orders }, () => past('Order Completed', '2026-03-01T00:00:00Z')),
      }),
    );

  test('not not x is x, and De Morgan holds', () => {
    fc.assert(
      fc.property(condition, condition, known, (a, b, given) => {
        expect(evaluate({ not: { not: a } }, given)).toBe(evaluate(a, given));
        expect(evaluate({ not: { all: [a, b] } }, given)).toBe(evaluate({ any: [{ not: a }, { not: b }] }, given));
        expect(evaluate({ all: [a] }, given)).toBe(evaluate(a, given));
      }),
    );
  });

  test('what the schema reads means what was written', () => {
    fc.assert(
      fc.property(condition, known, (written, given) => {
        expect(evaluate(conditionSchema.parse(structuredClone(written)), given)).toBe(evaluate(written, given));
      }),
    );
  });
});

describe('attribute and property', () => {
  const ada = contact({
    country: 'FR',
    attributes: { address: { city: 'Lyon' }, orders: [{ sku: 'a' }], 'not.this': 1 },
  });
  test.each<[string, Condition, boolean]>([
    ['a reserved field', { attribute: 'country', equals: 'FR' }, true],
    ['a reserved field is not sought in the attributes', { attribute: 'email', exists: true }, false],
    ['createdAt is an instant', { attribute: 'createdAt', before: '2026-01-02' }, true],
    ['a dotted path', { attribute: 'address.city', equals: 'Lyon' }, true],
    ['a list item by its number', { attribute: 'orders.0.sku', equals: 'a' }, true],
    ['a path that ends early is missing', { attribute: 'country.name', exists: true }, false],
    ['what every object inherits is missing', { attribute: 'constructor', exists: true }, false],
    ['what every list inherits is missing', { attribute: 'orders.length', exists: true }, false],
    ['a property of the event at hand', { property: 'total', gte: 20 }, true],
    ['a dotted property', { property: 'cart.items', equals: 2 }, true],
  ])('%s', (_name, condition, expected) => {
    const event = { name: 'Order Completed', at: NOW, properties: { total: 20, cart: { items: 2 } } };
    expect(
      evaluate(condition, facts({ contact: { ...ada, attributes: { ...ada.attributes, email: 'x' } }, event })),
    ).toBe(expected);
  });

  test('without an event at hand every property is missing', () => {
    expect(evaluate({ property: 'total', exists: false }, facts())).toBe(true);
  });
});

describe('event history', () => {
  const history = [
    past('Order Completed', '2025-12-10T12:00:00Z', { total: 5 }),
    past('Logged In', '2026-03-01T12:00:00Z'),
    past('Order Completed', '2026-03-03T12:00:00Z', { total: 50 }),
    past('Order Completed', '2026-03-20T12:00:00Z', { total: 500 }),
  ];
  test.each<[string, Condition, boolean]>([
    ['at least once without a count', { event: 'Logged In' }, true],
    ['never', { event: 'Signed Up' }, false],
    ['count: what lies ahead has not happened', { event: 'Order Completed', count: { equals: 2 } }, true],
    ['count of nothing', { event: 'Signed Up', count: { equals: 0 } }, true],
    ['count below', { event: 'Order Completed', count: { lt: 2 } }, false],
    ['count between', { event: 'Order Completed', count: { gte: 1, lte: 2 } }, true],
    [
      'where reads the properties of that event',
      { event: 'Order Completed', where: { property: 'total', gte: 50 } },
      true,
    ],
    ['where, no such', { event: 'Order Completed', where: { property: 'total', gte: 100 } }, false],
    ['where and count', { event: 'Order Completed', where: { property: 'total', lt: 10 }, count: { gte: 2 } }, false],
    ['within', { event: 'Order Completed', within: '30d', count: { equals: 1 } }, true],
    ['within, nothing', { event: 'Order Completed', within: '2d' }, false],
    ['within: what happened exactly that long ago is outside', { event: 'Order Completed', within: '7d' }, false],
    ['within, a moment longer', { event: 'Order Completed', within: 'P7DT1M' }, true],
    [
      'within steps on the calendar',
      { event: 'Order Completed', within: '3mo', where: { property: 'total', equals: 5 } },
      false,
    ],
  ])('%s', (_name, condition, expected) => {
    expect(evaluate(condition, facts({ history }))).toBe(expected);
  });

  test('days of within are local days, also over a clock change', () => {
    const now = Date.parse('2026-03-30T08:00:00Z');
    const since = [past('Logged In', '2026-03-28T09:00:00.001Z')];
    expect(evaluate({ event: 'Logged In', within: '2d' }, facts({ now, history: since }))).toBe(true);
    expect(evaluate({ event: 'Logged In', within: '48h' }, facts({ now, history: since }))).toBe(true);
    const earlier = [past('Logged In', '2026-03-28T08:30:00Z')];
    expect(evaluate({ event: 'Logged In', within: '2d' }, facts({ now, history: earlier }))).toBe(false);
    expect(evaluate({ event: 'Logged In', within: '48h' }, facts({ now, history: earlier }))).toBe(true);
  });
});

describe('consent, daysSince, message, audience', () => {
  const consents = [{ channel: 'email', purpose: 'newsletter', state: 'withdrawn', at: 0, legalBasis: null }] as const;
  const messages = [
    {
      template: 'hello',
      scenarioId: 'welcome',
      channel: 'email',
      sender: 'brand',
      sentAt: Date.parse('2026-03-08T12:00:00Z'),
      deliveredAt: Date.parse('2026-03-08T12:01:00Z'),
      bouncedAt: null,
      openedAt: Date.parse('2026-03-08T18:00:00Z'),
      clickedAt: Date.parse('2026-03-10T11:00:00Z'),
    },
  ];
  const given = facts({
    consents,
    messages,
    contact: contact({ attributes: { lastOrderAt: '2026-03-08', next: '2026-03-12T09:00:00Z', odd: 'x' } }),
  });
  const consent = { channel: 'email', purpose: 'newsletter' };
  test.each<[string, Condition, boolean]>([
    ['consent as it stands', { consent, is: 'withdrawn' }, true],
    ['consent as it does not stand', { consent, is: 'granted' }, false],
    ['C1: no record is unknown', { consent: { ...consent, channel: 'sms' }, is: 'unknown' }, true],
    ['C1: a record is not unknown', { consent, is: 'unknown' }, false],
    ['daysSince a date', { daysSince: 'lastOrderAt', equals: 2 }, true],
    ['daysSince, not yet', { daysSince: 'lastOrderAt', gte: 3 }, false],
    ['daysSince of what lies ahead is negative', { daysSince: 'next', lt: 0 }, true],
    ['daysSince of createdAt', { daysSince: 'createdAt', gte: 68 }, true],
    ['daysSince of what is no date is missing', { daysSince: 'odd', exists: false }, true],
    ['daysSince of nothing is false', { daysSince: 'never', gte: 0 }, false],
    ['a message that was sent', { message: { template: 'hello' }, is: 'sent' }, true],
    ['a message of a scenario and channel', { message: { scenario: 'welcome', channel: 'email' }, is: 'sent' }, true],
    ['a message by another channel', { message: { template: 'hello', channel: 'sms' }, is: 'sent' }, false],
    ['a message within', { message: { template: 'hello' }, is: 'sent', within: '1d' }, false],
    ['a message that arrived', { message: { template: 'hello' }, is: 'delivered' }, true],
    ['a message that did not come back', { message: { template: 'hello' }, is: 'bounced' }, false],
    ['a message that was clicked', { message: { scenario: 'welcome' }, is: 'clicked' }, true],
    ['within counts from the click, not from the hand-over', { message: {}, is: 'clicked', within: '1d' }, true],
    ['another message that was clicked', { message: { template: 'bye' }, is: 'clicked' }, false],
    ['C7: opened is unknown, so false', { message: { template: 'hello' }, is: 'opened' }, false],
  ])('%s', (_name, condition, expected) => {
    expect(evaluate(condition, given)).toBe(expected);
  });

  test.each([
    ['granted', 'email', true],
    ['withdrawn', 'email', false],
    ['pending', 'email', false],
    ['granted', 'sms', false],
  ] as const)(
    'C7: with consent to open tracking %s on %s, an open on record counts: %s',
    (state, channel, expected) => {
      const opens = [{ channel, purpose: 'open-tracking', state, at: 0, legalBasis: null }];
      expect(evaluate({ message: {}, is: 'opened' }, { ...given, consents: opens })).toBe(expected);
    },
  );

  test.each<[string | undefined, string | null, boolean]>([
    ['acme', 'acme', true],
    ['acme', 'maison', false],
    ['acme', null, false],
    [undefined, null, true],
    [undefined, 'acme', false],
  ])(
    'C7, C1: of a mail of the brand %s, with consent to open tracking given to %s, an open counts: %s',
    (brand, to, expected) => {
      const opens = [
        { channel: 'email', purpose: 'open-tracking', brand: to, state: 'granted', at: 0, legalBasis: null },
      ] as const;
      const brandOf = new Map(brand === undefined ? [] : [['brand', brand]]);
      expect(evaluate({ message: {}, is: 'opened' }, { ...given, brandOf, consents: opens })).toBe(expected);
      // What else came of it is known all the same.
      expect(evaluate({ message: {}, is: 'clicked' }, { ...given, brandOf, consents: opens })).toBe(true);
    },
  );

  test('a named audience stands for its condition, also through another and below `not`', () => {
    const audiences = compileAudiences({
      buyers: { event: 'Order Completed' },
      vip: { all: [{ audience: 'buyers' }, { attribute: 'country', equals: 'FR' }] },
    });
    const history = [past('Order Completed', '2026-01-01T00:00:00Z')];
    const french = facts({ audiences, history, contact: contact({ country: 'FR' }) });
    expect(evaluate({ audience: 'buyers' }, facts({ audiences, history }))).toBe(true);
    expect(evaluate({ audience: 'vip' }, facts({ audiences, history }))).toBe(false);
    expect(evaluate({ audience: 'vip' }, french)).toBe(true);
    expect(evaluate({ not: { audience: 'vip' } }, french)).toBe(false);
  });

  test('nobody is in an audience that the policy does not have', () => {
    expect(evaluate({ audience: 'gone' }, facts())).toBe(false);
  });

  test('a named audience asks for what those that it names ask for', () => {
    const audiences = compileAudiences({
      loyal: { any: [{ audience: 'buyers' }, { event: 'Logged In' }] },
      buyers: { event: 'Order Completed', where: { not: { message: {}, is: 'sent' } } },
    });
    expect([...audiences.get('loyal')!.historyNames].sort()).toEqual(['Logged In', 'Order Completed']);
    expect(audiences.get('loyal')!.usesMessages).toBe(true);
  });
});

describe('what a condition needs', () => {
  const condition: Condition = {
    all: [
      { event: 'A', where: { any: [{ event: 'B' }, { property: 'x', not: 1 }] } },
      { not: { event: 'C' } },
      { attribute: 'country', not: 'FR' },
    ],
  };
  test('names of events, at any depth', () => {
    expect([...historyNames(condition)]).toEqual(['A', 'B', 'C']);
  });
  test('past messages', () => {
    expect(usesMessages(condition)).toBe(false);
    expect(usesMessages({ any: [condition, { not: { message: {}, is: 'sent' } }] })).toBe(true);
  });
});
