import { stableFraction } from '../shared/hash.ts';

/**
 * Draws that depend on what they are for and on nothing else, so that the sample is the same everywhere: `draw('ada',
 * 'birthday')` is one number in [0, 1) for ever.
 */
export const draw = (...what: (string | number)[]): number => stableFraction('sample', ...what.map(String));

/** One of the list, all alike likely. */
export function pick<T>(list: readonly T[], ...what: (string | number)[]): T {
  return list[Math.floor(draw(...what) * list.length)]!;
}

/** A whole number from `from` to `to`, both included. */
export function between(from: number, to: number, ...what: (string | number)[]): number {
  return from + Math.floor(draw(...what) * (to - from + 1));
}

/** One of the list, each with its share; shares are of any sum. */
export function weighted<T extends { share: number }>(list: readonly T[], ...what: (string | number)[]): T {
  let left = draw(...what) * list.reduce((sum, { share }) => sum + share, 0);
  return list.find(({ share }) => (left -= share) < 0) ?? list.at(-1)!;
}
