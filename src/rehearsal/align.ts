/** An expected and an actual thing that stand for each other; null where one of them has no counterpart. */
export interface Pair {
  expected: number | null;
  actual: number | null;
}

/** What it costs that something is missing, or too many; two things that differ in more than half are not each other. */
const ALONE = 1;

/**
 * Puts two lists side by side, in their order, so that as little as possible differs: one message too many at the
 * beginning is told as that, and not as a difference in every line after it.
 * @param difference from 0 (the same) to 1 (nothing alike)
 */
export function align(
  expected: number,
  actual: number,
  difference: (expected: number, actual: number) => number,
): Pair[] {
  // As many as expected: each is what was expected in its place.
  if (expected === actual) return Array.from({ length: expected }, (_, index) => ({ expected: index, actual: index }));
  // cost[i][j]: of the best way to put the last things, from i and j on, side by side.
  const cost = Array.from({ length: expected + 1 }, () => Array.from({ length: actual + 1 }, () => 0));
  for (let i = expected; i >= 0; i--) {
    for (let j = actual; j >= 0; j--) {
      if (i === expected || j === actual) cost[i]![j] = (expected - i + actual - j) * ALONE;
      else
        cost[i]![j] = Math.min(
          cost[i + 1]![j + 1]! + 2 * ALONE * difference(i, j),
          cost[i + 1]![j]! + ALONE,
          cost[i]![j + 1]! + ALONE,
        );
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < expected || j < actual;) {
    if (i < expected && j < actual && cost[i]![j] === cost[i + 1]![j + 1]! + 2 * ALONE * difference(i, j))
      pairs.push({ expected: i++, actual: j++ });
    else if (i < expected && cost[i]![j] === cost[i + 1]![j]! + ALONE) pairs.push({ expected: i++, actual: null });
    else pairs.push({ expected: null, actual: j++ });
  }
  return pairs;
}
