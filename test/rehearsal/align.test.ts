import fc from 'fast-check';
import { align } from '../../src/rehearsal/align.ts';

/** Letters stand for messages: two of the same are the same, others have nothing in common. */
const beside = (expected: string, actual: string): string =>
  align(expected.length, actual.length, (e, a) => (expected[e] === actual[a] ? 0 : 1))
    .map(
      (pair) =>
        `${pair.expected === null ? '-' : expected[pair.expected]}${pair.actual === null ? '-' : actual[pair.actual]}`,
    )
    .join(' ');

test.each([
  ['nothing and nothing', '', '', ''],
  ['all as expected', 'abc', 'abc', 'aa bb cc'],
  ['one too many at the beginning', 'bc', 'abc', '-a bb cc'],
  ['one too many in between', 'ac', 'abc', 'aa -b cc'],
  ['one too many at the end', 'ab', 'abc', 'aa bb -c'],
  ['one that is missing', 'abc', 'ac', 'aa b- cc'],
  ['none came', 'ab', '', 'a- b-'],
  ['none was expected', '', 'ab', '-a -b'],
  ['one that never came beside one that differs', 'abcd', 'axd', 'aa bx c- dd'],
  ['as many as expected, each in its place, whatever it is', 'abc', 'bca', 'ab bc ca'],
])('%s', (_what, expected, actual, told) => {
  expect(beside(expected, actual)).toBe(told);
});

test('a message that differs in less than half is the one that was expected, and not one missing and one too many', () => {
  const differ = (part: number) => align(1, 2, (_, actual) => (actual === 0 ? 1 : part));
  expect(differ(0.4)).toEqual([
    { expected: null, actual: 0 },
    { expected: 0, actual: 1 },
  ]);
});

test('everything expected and everything actual is told once, in its order', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (expected, actual) => {
      const pairs = align(expected.length, actual.length, (e, a) => (expected[e] === actual[a] ? 0 : 1));
      const places = (key: 'expected' | 'actual') => pairs.map((pair) => pair[key]).filter((place) => place !== null);
      expect(places('expected')).toEqual(Array.from({ length: expected.length }, (_, index) => index));
      expect(places('actual')).toEqual(Array.from({ length: actual.length }, (_, index) => index));
    }),
  );
});
