import fc from 'fast-check';
import { meanDifference, meanOf, shareDifference, shareOf, type Mean } from '../../src/reporting/statistics.ts';

const share = (count: number, of: number) => ({ count, of });
const mean = (...values: number[]): Mean => ({
  sum: values.reduce((sum, value) => sum + value, 0),
  squares: values.reduce((sum, value) => sum + value ** 2, 0),
  of: values.length,
});
const near = (value: number, low: number, high: number, digits = 4) => ({
  value: expect.closeTo(value, digits) as number,
  low: expect.closeTo(low, digits) as number,
  high: expect.closeTo(high, digits) as number,
});

describe('a share and its score interval', () => {
  // Worked out in Newcombe, Stat. Med. 17 (1998), 857–872, tables I and II; nobody of 20: z² / (20 + z²).
  test.each([
    ['81 of 263', share(81, 263), near(0.308, 0.2553, 0.3662)],
    ['15 of 148', share(15, 148), near(0.1014, 0.0624, 0.1605)],
    ['0 of 20', share(0, 20), near(0, 0, 0.1611)],
    ['1 of 29', share(1, 29), near(0.0345, 0.0061, 0.1718)],
  ])('%s', (_name, given, expected) => expect(shareOf(given)).toEqual(expected));

  test('of nobody nothing is said', () => {
    expect(shareOf(share(0, 0))).toBeNull();
    expect(shareDifference(share(0, 0), share(1, 2))).toBeNull();
  });

  // Newcombe, Stat. Med. 17 (1998), 873–890, table II, method 10.
  test.each([
    ['56/70 and 48/80', share(48, 80), share(56, 70), near(0.2, 0.0524, 0.3339), true],
    ['9/10 and 3/10', share(3, 10), share(9, 10), near(0.6, 0.1705, 0.809), true],
    ['5/56 and 0/29', share(0, 29), share(5, 56), near(0.0893, -0.0381, 0.1926), false],
    ['10/10 and 0/10', share(0, 10), share(10, 10), near(1, 0.6075, 1), true],
  ])('the difference of %s', (_name, first, second, expected, beyondChance) =>
    expect(shareDifference(first, second)).toEqual({ ...expected, beyondChance }),
  );

  test('the sides changed over, the difference is the same the other way', () => {
    const any = fc
      .integer({ min: 1, max: 500 })
      .chain((of) => fc.record({ count: fc.integer({ min: 0, max: of }), of: fc.constant(of) }));
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [there, back] = [shareDifference(a, b)!, shareDifference(b, a)!];
        expect(there.low).toBeCloseTo(-back.high, 10);
        expect(there.beyondChance).toBe(back.beyondChance);
        expect(there.low).toBeLessThanOrEqual(there.value);
        expect(there.high).toBeGreaterThanOrEqual(there.value);
      }),
    );
  });
});

describe('a mean and Student’s interval', () => {
  test('of 1, 2, 3, 4, 5: 3, and 2.776 times the root of a half around it', () => {
    expect(meanOf(mean(1, 2, 3, 4, 5))).toEqual(near(3, 3 - 1.963, 3 + 1.963, 1));
  });

  test('one says nothing of the spread', () => {
    expect(meanOf(mean(3))).toBeNull();
    expect(meanDifference(mean(3), mean(1, 2))).toBeNull();
  });

  test('the difference of two that spread unlike (Welch)', () => {
    // Means 20.82 and 22.9867; variances 7.8517 and 3.8426, a fifteenth of each: 0.8830 the root of their sum; t(25) = 2.0595.
    const first = mean(27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4);
    const second = mean(27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4);
    expect(meanDifference(first, second)).toEqual({ ...near(2.1667, 0.3481, 3.9852, 1), beyondChance: true });
  });
});
