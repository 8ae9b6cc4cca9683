import fc from 'fast-check';
import { conditionSchema, evaluate, type Condition } from '../../src/audience/index.ts';
import { contact, facts } from './facts.ts';

const holds = (value: unknown, comparison: object): boolean =>
  evaluate({ attribute: 'x', ...comparison } as Condition, facts({ contact: contact({ attributes: { x: value } }) }));

describe('operators', () => {
  test.each<[string, unknown, object, boolean]>([
    ['equals the same text', 'FR', { equals: 'FR' }, true],
    ['equals no other text', 'FR', { equals: 'BE' }, false],
    ['equals heeds case', 'fr', { equals: 'FR' }, false],
    ['equals never joins a number and its text', 5, { equals: '5' }, false],
    ['equals false', false, { equals: false }, true],
    ['not another', 'FR', { not: 'BE' }, true],
    ['not the same', 'FR', { not: 'FR' }, false],
    ['in the list', 2, { in: [1, 2] }, true],
    ['in, outside', 3, { in: [1, 2] }, false],
    ['notIn, outside', 3, { notIn: [1, 2] }, true],
    ['notIn, inside', 2, { notIn: [1, 2] }, false],
    ['contains a part of a text', 'welcome', { contains: 'come' }, true],
    ['contains an item of a list', ['a', 'b'], { contains: 'b' }, true],
    ['contains compares items strictly', [1, 2], { contains: '1' }, false],
    ['contains is nothing to a number', 123, { contains: '2' }, false],
    ['startsWith', 'newsletter-a', { startsWith: 'news' }, true],
    ['endsWith', 'newsletter-a', { endsWith: '-a' }, true],
    ['endsWith, not', 'newsletter-a', { endsWith: 'news' }, false],
    ['matches anywhere', 'order-17', { matches: '\\d+' }, true],
    ['matches, anchored', 'order-17', { matches: '^\\d+$' }, false],
    ['matches never looks at a text beyond 256 characters', 'a'.repeat(257), { matches: 'a' }, false],
    ['gt', 2, { gt: 1 }, true],
    ['gt is strict', 1, { gt: 1 }, false],
    ['gte', 1, { gte: 1 }, true],
    ['lt', 0, { lt: 1 }, true],
    ['lte', 1, { lte: 1 }, true],
    ['order of texts', 'b', { gt: 'a' }, true],
    ['no order between a text and a number', '10', { gt: 5 }, false],
    ['no order of truth values', true, { gte: 0 }, false],
    ['before, two days', '2026-02-28', { before: '2026-03-01' }, true],
    ['before is strict', '2026-03-01', { before: '2026-03-01' }, false],
    ['after, two days', '2026-03-02', { after: '2026-03-01' }, true],
    ['after compares instants, not texts', '2026-03-01T01:00:00+02:00', { after: '2026-02-28T22:30:00Z' }, true],
    ['a day begins in the zone of the contact', '2026-02-28T23:30:00Z', { after: '2026-03-01' }, true],
    ['a day has not begun just before', '2026-02-28T22:59:59Z', { before: '2026-03-01' }, true],
    ['a date without a year is before and after nothing', '--03-01', { after: '2026-01-01' }, false],
    ['seconds since 1970', 1_772_319_600, { after: '2026-02-28' }, true],
    ['a local time is of the zone of the contact', '2026-03-01T00:30', { after: '2026-02-28T23:00:00Z' }, true],
    ['a day that does not exist is no other', '2026-02-31', { after: '2026-03-01' }, false],
    ['nor is its instant', '2026-02-31T10:00:00Z', { after: '2026-03-01' }, false],
    ['what is no date is before nothing', 'soon', { before: '2026-03-01' }, false],
    ['exists', '', { exists: true }, true],
    ['exists: false of what is there', 0, { exists: false }, false],
    ['several operators must all hold', 5, { gte: 1, lt: 5 }, false],
    ['several operators that do', 4, { gte: 1, lt: 5 }, true],
  ])('%s', (_name, value, comparison, expected) => {
    expect(holds(value, comparison)).toBe(expected);
  });

  const falseForMissing = {
    equals: 'a',
    in: ['a'],
    contains: 'a',
    startsWith: '',
    endsWith: '',
    matches: '',
    gt: 0,
    gte: 0,
    lt: 0,
    lte: 0,
    before: '2026-01-01',
    after: '2026-01-01',
    exists: true,
  };
  test.each(Object.entries(falseForMissing))('a missing value makes %s false', (operator, operand) => {
    expect(holds(undefined, { [operator]: operand })).toBe(false);
    expect(holds(null, { [operator]: operand })).toBe(false);
  });

  test.each(Object.entries({ not: 'a', notIn: ['a'], exists: false }))(
    'a missing value makes %s true',
    (operator, operand) => {
      expect(holds(undefined, { [operator]: operand })).toBe(true);
      expect(holds(null, { [operator]: operand })).toBe(true);
    },
  );

  test('not and equals, notIn and in, are each other turned round for every value', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.option(scalar), scalar, (value, operand) => {
        expect(holds(value, { not: operand })).toBe(!holds(value, { equals: operand }));
        expect(holds(value, { notIn: [operand] })).toBe(!holds(value, { in: [operand] }));
      }),
    );
  });

  test('numbers stand in exactly one order', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (value, bound) => {
        expect(
          [holds(value, { lt: bound }), holds(value, { equals: bound }), holds(value, { gt: bound })].filter(Boolean),
        ).toHaveLength(1);
      }),
    );
  });
});

describe('matches takes no longer than it promises', () => {
  const accepts = (matches: string): boolean => conditionSchema.safeParse({ attribute: 'x', matches }).success;

  test.each([
    '^[A-Z]{2}$',
    '^(FR|BE|LU)$',
    '^[^@ ]+@[^@ ]+\\.[a-z]+$',
    '^news(letter)?-\\d{1,4}$',
    '(?:abc){2}',
    '[(+*]+',
    '\\(a+\\)',
    '(a+)+$',
    '.*.*.*',
    '\\p{Script=Greek}',
    '\\u{1F600}',
    'a?'.repeat(30),
  ])('%s is accepted', (pattern) => {
    expect(accepts(pattern)).toBe(true);
  });

  test.each([
    '((a))\\1',
    '(?<n>a)\\k<n>',
    'a(?=b)',
    '(?<!a)b',
    '(a{1000}){1000}',
    '(\\pL?){1000}'.repeat(15),
    '(a{0,99}){0,99}',
    '(',
    'a'.repeat(201),
  ])('%s is refused', (pattern) => {
    expect(accepts(pattern)).toBe(false);
  });

  const atom = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\s',
    '\\S',
    '[\\s\\d]',
    '\\p{L}',
    '\\w',
    '\\b',
    '^',
    '$',
  );
  const repeat = fc.constantFrom('', '', '*', '+', '?', '{1,3}', '{2}', '*?');
  const piece = fc.oneof(
    fc.tuple(atom, repeat).map(([one, times]) => (/^(\\b|\^|\$)$/.test(one) ? one : one + times)),
    fc.tuple(atom, atom, repeat).map(([one, other, times]) => `(?:${one}|${other}x)${times}`),
  );
  const source = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));

  test('whatever is accepted is quick on the worst texts', () => {
    const nested = fc
      .tuple(source, repeat, repeat, fc.integer({ min: 0, max: 999 }))
      .map(([inner, one, other, most]) => `^((${inner})${one})${other}(a|b|[^c]){0,${most}}!$`);
    const worst = ['a'.repeat(255) + '!', 'ab'.repeat(128), 'a'.repeat(256), 'é\u00a0'.repeat(128)];
    fc.assert(
      fc.property(fc.oneof(source, nested), (matches) => {
        if (!accepts(matches)) return;
        for (const text of worst) holds(text, { matches });
        const begun = performance.now();
        for (const text of worst) holds(text, { matches });
        // Four texts with their compilations, on a machine that does much else: a backtracking engine takes years.
        expect(performance.now() - begun).toBeLessThan(1_000);
      }),
      { numRuns: 300 },
    );
  });

  test('the answer is the one that JavaScript gives', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'x', ' ', '\u00a0', '\r', '\u2028', '1', 'é', '😀'),
      maxLength: 10,
    });
    fc.assert(
      fc.property(source, text, (matches, value) => {
        fc.pre(accepts(matches));
        expect(holds(value, { matches })).toBe(new RegExp(matches, 'u').test(value));
      }),
      { numRuns: 2_000 },
    );
  });
});
