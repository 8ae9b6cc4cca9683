import {
  compileStrictCondition,
  conditionSchema,
  describeCondition,
  evaluate,
  exclude,
  neverHolds,
  type Condition,
} from '../../src/audience/index.ts';
import { contact, facts, past } from './facts.ts';

const order = (properties: Record<string, unknown>) => ({ name: 'Order Completed', at: 0, properties });
const SHOES = order({
  products: [
    { category: 'hats', price: 5 },
    { category: 'shoes', price: 30 },
  ],
  tags: ['a', 'b'],
});
const NESTED = order({ orders: [{ items: [] }, { items: [{ sku: 'x' }, {}] }], table: [[1, 2], [3]] });

describe('conditions over lists', () => {
  test.each<[string, Condition, ReturnType<typeof order>, boolean]>([
    ['one item is enough', { property: 'products[].category', equals: 'shoes' }, SHOES, true],
    ['no item is', { property: 'products[].category', equals: 'coats' }, SHOES, false],
    ['one item must meet all operators', { property: 'products[].price', gte: 10, lt: 30 }, SHOES, false],
    ['and does', { property: 'products[].price', gte: 10, lt: 31 }, SHOES, true],
    ['not: no item is', { property: 'products[].category', not: 'shoes' }, SHOES, false],
    ['notIn: no item is one of them', { property: 'products[].category', notIn: ['coats', 'bags'] }, SHOES, true],
    ['a list of texts', { property: 'tags[]', in: ['b', 'c'] }, SHOES, true],
    ['there is one', { property: 'products[].price', exists: true }, SHOES, true],
    ['there is none', { property: 'products[].colour', exists: false }, SHOES, true],
    ['what is no list has no items', { property: 'products[].category[]', exists: true }, SHOES, false],
    ['nothing there: equals', { property: 'lines[].category', equals: 'shoes' }, SHOES, false],
    ['nothing there: not', { property: 'lines[].category', not: 'shoes' }, SHOES, true],
    ['a list in a list', { property: 'orders[].items[].sku', equals: 'x' }, NESTED, true],
    ['a list of lists', { property: 'table[][]', equals: 3 }, NESTED, true],
    ['an item by its number, then each', { property: 'table.0[]', equals: 3 }, NESTED, false],
  ])('%s', (_name, condition, event, expected) => {
    expect(evaluate(conditionSchema.parse(condition), facts({ event }))).toBe(expected);
  });

  test('of attributes, and of past events', () => {
    const given = facts({
      contact: contact({ attributes: { children: [{ age: 3 }, { age: 9 }] } }),
      history: [{ ...past('Order Completed', '2026-03-01T00:00:00Z'), properties: SHOES.properties }],
    });
    expect(evaluate({ attribute: 'children[].age', lt: 5 }, given)).toBe(true);
    const bought = (category: string): Condition => ({
      event: 'Order Completed',
      where: { property: 'products[].category', equals: category },
    });
    expect([evaluate(bought('shoes'), given), evaluate(bought('coats'), given)]).toEqual([true, false]);
  });

  test('a list that is read as one thing is nothing, and inside a scenario a fault that says what to write', () => {
    const condition: Condition = { any: [{ property: 'products.category', equals: 'shoes' }] };
    expect(evaluate(condition, facts({ event: SHOES }))).toBe(false);
    expect(() => compileStrictCondition(condition)(facts({ event: SHOES }))).toThrow(
      'products is a list: write products[].category, which asks whether one item is so',
    );
    const deep: Condition = { property: 'orders[].items.sku', equals: 'x' };
    expect(() => compileStrictCondition(deep)(facts({ event: NESTED }))).toThrow('write orders[].items[].sku');
    expect(compileStrictCondition({ property: 'products.1.category', equals: 'shoes' })(facts({ event: SHOES }))).toBe(
      true,
    );
  });

  test.each(['[].a', 'a[]b', 'a[', 'a.[]', 'a[0].b', 'a[].'])('%s is no path', (property) => {
    expect(conditionSchema.safeParse({ property, equals: 1 }).success).toBe(false);
  });

  test('two items may be two things: what is asked of a list excludes nothing', () => {
    const is = (category: string): Condition => ({ property: 'products[].category', equals: category });
    expect(exclude(is('shoes'), is('hats'))).toBe(false);
    expect(neverHolds({ all: [is('shoes'), { not: is('shoes') }] })).toBe(true);
  });
});

describe('comparison with the entry event', () => {
  const entry = { properties: { cartId: 'c1', total: 20, products: [{ sku: 'x' }, { sku: 'y' }] } };
  test.each<[string, Condition, Record<string, unknown>, boolean]>([
    ['the same', { property: 'cartId', equals: { entry: 'cartId' } }, { cartId: 'c1' }, true],
    ['another', { property: 'cartId', equals: { entry: 'cartId' } }, { cartId: 'c2' }, false],
    ['strictly', { property: 'total', equals: { entry: 'total' } }, { total: '20' }, false],
    ['more', { property: 'total', gt: { entry: 'total' } }, { total: 21 }, true],
    ['one of a list', { property: 'sku', in: { entry: 'products[].sku' } }, { sku: 'y' }, true],
    ['none of a list', { property: 'sku', notIn: { entry: 'products[].sku' } }, { sku: 'y' }, false],
    [
      'one item',
      { property: 'products[].sku', equals: { entry: 'products.0.sku' } },
      { products: [{ sku: 'x' }] },
      true,
    ],
    ['nothing is equal to what is not there', { property: 'a', equals: { entry: 'a' } }, {}, false],
    ['and is not it', { property: 'cartId', not: { entry: 'a' } }, { cartId: 'c1' }, true],
  ])('%s', (_name, condition, properties, expected) => {
    const event = order(properties);
    expect(evaluate(conditionSchema.parse(condition), facts({ event, entry }))).toBe(expected);
  });

  test('without an entry nothing is equal, and all are told apart', () => {
    expect(evaluate({ property: 'a', equals: { entry: 'a' } }, facts({ event: order({ a: 1 }) }))).toBe(false);
    expect(evaluate({ attribute: 'a', notIn: { entry: 'a' } }, facts())).toBe(true);
  });

  test('in words, and never taken for a contradiction', () => {
    const condition: Condition = { property: 'cartId', equals: { entry: 'cartId' } };
    expect(describeCondition(condition)).toBe('cartId = cartId of the entry');
    expect(exclude(condition, { property: 'cartId', equals: 'c1' })).toBe(false);
  });

  test.each([
    { property: 'a', equals: { entry: 'a[]' } },
    { property: 'a', matches: { entry: 'a' } },
    { property: 'a', equals: { entry: 'a', or: 'b' } },
    { daysSince: 'a', gte: { entry: 'a' } },
  ])('%j is refused', (condition) => {
    expect(conditionSchema.safeParse(condition).success).toBe(false);
  });
});
