import type { Ranked } from './ranks.ts';

const SPACE = 26;
const SWEEPS = 30;

/** Where each cell stands from left to right: as near below and above its neighbours as the order allows. */
export function straighten({ cells, ranks, above, below }: Ranked): number[] {
  const xs = cells.map(() => 0);
  const offsets = ranks.map((rank) => {
    let at = 0;
    return rank.map((cell, index) => {
      const before = rank[index - 1];
      if (before !== undefined) at += (cells[before]!.width + cells[cell]!.width) / 2 + SPACE;
      return at;
    });
  });
  for (const [rank, row] of ranks.entries()) {
    const middle = (offsets[rank]!.at(-1) ?? 0) / 2;
    for (const [index, cell] of row.entries()) xs[cell] = offsets[rank]![index]! - middle;
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const rank of down ? ranks.keys() : [...ranks.keys()].reverse()) {
      const row = ranks[rank]!;
      const wishes = row.map((cell) => wish(cell, down ? above : below, xs));
      const placed = nearest(
        wishes.map(({ x }, index) => x - offsets[rank]![index]!),
        // Long arrows rather than boxes: a kink in them is what the eye trips over.
        wishes.map(({ weight }) => weight),
      );
      for (const [index, cell] of row.entries()) xs[cell] = placed[index]! + offsets[rank]![index]!;
    }
  }
  return xs;

  function wish(cell: number, neighbours: readonly number[][], at: readonly number[]): { x: number; weight: number } {
    const near = neighbours[cell]!;
    if (near.length === 0) return { x: at[cell]!, weight: 0.1 };
    const x = near.reduce((sum, other) => sum + at[other]!, 0) / near.length;
    return { x, weight: cells[cell]!.isBox ? 1 : 4 };
  }
}

/** The rising numbers nearest to those wished for, by weighted least squares (pool adjacent violators). */
function nearest(wished: readonly number[], weights: readonly number[]): number[] {
  const pools: { sum: number; weight: number; count: number }[] = [];
  for (const [index, value] of wished.entries()) {
    pools.push({ sum: value * weights[index]!, weight: weights[index]!, count: 1 });
    for (let last = pools.at(-1)!, before = pools.at(-2); before !== undefined; before = pools.at(-2)) {
      if (before.sum / before.weight <= last.sum / last.weight) break;
      pools.pop();
      Object.assign(before, {
        sum: before.sum + last.sum,
        weight: before.weight + last.weight,
        count: before.count + last.count,
      });
      last = before;
    }
  }
  return pools.flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight));
}
