/** Something to draw, and how large it is in pixels. */
export interface Box {
  id: string;
  width: number;
  height: number;
}

/** An arrow; `labelWidth` is 0 without a label. */
export interface Link {
  from: string;
  to: string;
  labelWidth: number;
}

/** A place in a rank: a box, or where an arrow passes, perhaps with its label. */
export interface Cell {
  rank: number;
  width: number;
  height: number;
  isBox: boolean;
}

export interface Ranked {
  /** Boxes first, in the order given. */
  cells: Cell[];
  /** Cells of each rank from left to right. */
  ranks: number[][];
  /** Cells above and below each cell. */
  above: number[][];
  below: number[][];
  /** The cells each link goes through, from the higher box to the lower; empty for one that leads to itself. */
  chains: { path: number[]; label: number | null; upwards: boolean }[];
  /** How far from the middle of its box a link leaves or arrives. */
  portOf(link: number, side: 'in' | 'out', xs: readonly number[]): number;
}

/** Of the box around a label. */
export const LABEL_HEIGHT = 24;
const LINE_WIDTH = 14;
const SWEEPS = 12;
const PORT_GAP = 22;

/** Boxes stand in even ranks, labels in the odd ones between them. */
export function inRanks(boxes: readonly Box[], links: readonly Link[]): Ranked {
  const indexOf = new Map(boxes.map(({ id }, index) => [id, index]));
  const ends = links.map(({ from, to }) => [indexOf.get(from)!, indexOf.get(to)!] as const);
  const back = backwards(boxes.length, ends);
  const depth = depths(
    boxes.length,
    ends.filter((_, index) => !back.has(index)),
  );
  const cells: Cell[] = boxes.map(({ width, height }, index) => ({
    rank: depth[index]! * 2,
    width,
    height,
    isBox: true,
  }));

  const chains = links.map(({ labelWidth }, index) => {
    const [from, to] = ends[index]!;
    if (from === to) return { path: [], label: null, upwards: false };
    const upwards = back.has(index);
    const [high, low] = upwards ? [to, from] : [from, to];
    const path = [high];
    for (let rank = cells[high]!.rank + 1; rank < cells[low]!.rank; rank++) {
      path.push(cells.push({ rank, width: LINE_WIDTH, height: 0, isBox: false }) - 1);
    }
    path.push(low);
    // Beside the box it comes from.
    const label = labelWidth === 0 ? null : upwards ? path.at(-2)! : path[1]!;
    if (label !== null) Object.assign(cells[label]!, { width: labelWidth + 10, height: LABEL_HEIGHT });
    return { path, label, upwards };
  });

  const above: number[][] = cells.map(() => []);
  const below: number[][] = cells.map(() => []);
  for (const { path } of chains) {
    for (const [position, cell] of path.slice(1).entries()) {
      above[cell]!.push(path[position]!);
      below[path[position]!]!.push(cell);
    }
  }
  const ranks: number[][] = [];
  for (const [index, { rank }] of cells.entries()) (ranks[rank] ??= []).push(index);
  const ordered = uncross(
    Array.from(ranks, (rank) => rank ?? []),
    above,
    below,
  );
  return { cells, ranks: ordered, above, below, chains, portOf: ports(boxes, chains) };
}

/** Links that lead back to where the way to them came from. */
function backwards(count: number, ends: readonly (readonly [number, number])[]): Set<number> {
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const [index, [from]] of ends.entries()) out[from]!.push(index);
  const back = new Set<number>();
  const state: ('open' | 'done' | undefined)[] = [];
  for (let root = 0; root < count; root++) {
    // Without recursion: a scenario may have hundreds of steps in a row.
    const stack = state[root] === undefined ? [{ node: root, next: 0 }] : [];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      state[top.node] = 'open';
      const link = out[top.node]![top.next++];
      if (link === undefined) {
        state[top.node] = 'done';
        stack.pop();
        continue;
      }
      const target = ends[link]![1];
      if (state[target] === 'open') back.add(link);
      else if (state[target] === undefined) stack.push({ node: target, next: 0 });
    }
  }
  return back;
}

/** The longest way to each box. */
function depths(count: number, ends: readonly (readonly [number, number])[]): number[] {
  const depth = Array.from({ length: count }, () => 0);
  const waiting = Array.from({ length: count }, () => 0);
  for (const [, to] of ends) waiting[to]! += 1;
  const free = waiting.flatMap((links, node) => (links === 0 ? [node] : []));
  for (let node = free.shift(); node !== undefined; node = free.shift()) {
    for (const [from, to] of ends) {
      if (from !== node) continue;
      depth[to] = Math.max(depth[to]!, depth[node]! + 1);
      if (--waiting[to]! === 0) free.push(to);
    }
  }
  return depth;
}

/** Sorts each rank by where its neighbours stand, downwards and upwards, and keeps the order with the fewest crossings. */
function uncross(ranks: number[][], above: readonly number[][], below: readonly number[][]): number[][] {
  let best = ranks;
  let least = crossings(ranks, below);
  let current = ranks;
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
    const down = sweep % 2 === 0;
    current = sorted(current, down ? above : below, down);
    const crossed = crossings(current, below);
    if (crossed < least) [best, least] = [current, crossed];
  }
  return best;
}

function sorted(ranks: readonly number[][], neighbours: readonly number[][], down: boolean): number[][] {
  const result = ranks.map((rank) => [...rank]);
  const order = down ? result.keys() : [...result.keys()].reverse();
  for (const rank of order) {
    const beside = result[rank + (down ? -1 : 1)];
    if (beside === undefined) continue;
    const place = new Map(beside.map((cell, index) => [cell, index]));
    const wish = new Map(
      result[rank]!.map((cell, index) => {
        const near = neighbours[cell]!.map((other) => place.get(other)!);
        return [cell, near.length === 0 ? index : near.reduce((sum, each) => sum + each, 0) / near.length];
      }),
    );
    result[rank]!.sort((a, b) => wish.get(a)! - wish.get(b)!);
  }
  return result;
}

function crossings(ranks: readonly number[][], below: readonly number[][]): number {
  let count = 0;
  for (const [rank, cells] of ranks.entries()) {
    const place = new Map((ranks[rank + 1] ?? []).map((cell, index) => [cell, index]));
    const lines = cells.flatMap((cell, from) => below[cell]!.map((to) => [from, place.get(to)!] as const));
    for (const [index, [from, to]] of lines.entries())
      for (const [otherFrom, otherTo] of lines.slice(index + 1))
        if ((from - otherFrom) * (to - otherTo) < 0) count += 1;
  }
  return count;
}

/** Arrows of one side of a box stand beside each other, in the order in which they come. */
function ports(boxes: readonly Box[], chains: Ranked['chains']): Ranked['portOf'] {
  return (link, side, xs) => {
    const { path } = chains[link]!;
    const end = (chain: readonly number[]): number => (side === 'out' ? chain[0]! : chain.at(-1)!);
    const next = (chain: readonly number[]): number => xs[side === 'out' ? chain[1]! : chain.at(-2)!]!;
    const box = end(path);
    const same = chains.flatMap((chain, index) => (chain.path.length > 0 && end(chain.path) === box ? [index] : []));
    same.sort((a, b) => next(chains[a]!.path) - next(chains[b]!.path) || a - b);
    const gap = Math.min(PORT_GAP, (boxes[box]!.width - 24) / same.length);
    return (same.indexOf(link) - (same.length - 1) / 2) * gap;
  };
}
