/** A figure with the interval in which the true one lies, 95 times of 100. */
export interface Estimated {
  value: number;
  low: number;
  high: number;
}

/** How much larger the second of two figures is, with its interval. */
export interface Difference extends Estimated {
  /** No difference at all lies outside of the interval: chance alone makes so much less than once in twenty times. */
  beyondChance: boolean;
}

/** So many of how many. */
export interface Share {
  count: number;
  of: number;
}

/** Numbers that were observed, one each of `of`: their sum, and the sum of their squares. */
export interface Mean {
  sum: number;
  squares: number;
  of: number;
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

/**
 * A share with its score interval (Wilson, J. Am. Stat. Assoc. 22, 1927): it stays between 0 and 1, and says something
 * also where nobody, or everybody, was counted. Null where nobody was observed.
 */
export function shareOf({ count, of }: Share): Estimated | null {
  if (of === 0) return null;
  const value = count / of;
  const spread = Z * Math.sqrt((value * (1 - value)) / of + Z ** 2 / (4 * of ** 2));
  const centre = value + Z ** 2 / (2 * of);
  const scale = 1 + Z ** 2 / of;
  return { value, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** How much larger the second share is, by the score intervals of both (Newcombe, Stat. Med. 17, 1998, method 10). */
export function shareDifference(first: Share, second: Share): Difference | null {
  const [a, b] = [shareOf(first), shareOf(second)];
  if (a === null || b === null) return null;
  const value = b.value - a.value;
  return judged({
    value,
    low: value - Math.hypot(b.value - b.low, a.high - a.value),
    high: value + Math.hypot(b.high - b.value, a.value - a.low),
  });
}

/** A mean with Student's interval. Null where fewer than two were observed: one says nothing of the spread. */
export function meanOf(mean: Mean): Estimated | null {
  if (mean.of < 2) return null;
  const value = mean.sum / mean.of;
  return around(value, variance(mean) / mean.of, mean.of - 1);
}

/** How much larger the second mean is; both may spread unlike (Welch, Biometrika 34, 1947). */
export function meanDifference(first: Mean, second: Mean): Difference | null {
  if (first.of < 2 || second.of < 2) return null;
  const [a, b] = [variance(first) / first.of, variance(second) / second.of];
  const value = second.sum / second.of - first.sum / first.of;
  const freedom = a + b === 0 ? 1 : (a + b) ** 2 / (a ** 2 / (first.of - 1) + b ** 2 / (second.of - 1));
  return judged(around(value, a + b, freedom));
}

const variance = ({ sum, squares, of }: Mean): number => Math.max(0, squares - sum ** 2 / of) / (of - 1);

/** Student's quantile by the first terms about the normal one (Abramowitz and Stegun, 26.7.5): from four on to the second digit. */
function around(value: number, square: number, freedom: number): Estimated {
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
  ];
  const quantile = terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), Z);
  const margin = quantile * Math.sqrt(square);
  return { value, low: value - margin, high: value + margin };
}

function judged(difference: Estimated): Difference {
  return { ...difference, beyondChance: difference.low > 0 || difference.high < 0 };
}
