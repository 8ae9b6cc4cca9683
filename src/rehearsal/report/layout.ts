import { inRanks, type Box, type Link, type Ranked } from './ranks.ts';
import { straighten } from './straighten.ts';

/** Pixels throughout. */
export interface Point {
  x: number;
  y: number;
}

export interface Drawing {
  width: number;
  height: number;
  /** Middle of each box, by id. */
  boxes: Map<string, Point>;
  /** In the order of the links: the points its line goes through, and the middle of its label. */
  links: { points: Point[]; label: Point | null }[];
}

const MARGIN = 12;
const GAP = 18;

/**
 * Lays a machine out from top to bottom: steps in ranks by the longest way to them, every long arrow and every label
 * with a place of its own, so that nothing lies on anything else. Deterministic.
 * @param boxes the first is on top
 */
export function layOut(boxes: readonly Box[], links: readonly Link[]): Drawing {
  const ranked = inRanks(boxes, links);
  const xs = straighten(ranked);
  const ys = rows(ranked);
  const { cells, ranks, chains } = ranked;
  const left = Math.min(...cells.map((cell, index) => xs[index]! - cell.width / 2)) - MARGIN;
  const right = Math.max(...cells.map((cell, index) => xs[index]! + cell.width / 2)) + MARGIN;
  const at = (index: number): Point => ({ x: xs[index]! - left, y: ys[cells[index]!.rank]!.middle });

  const drawn = links.map((link, index): Drawing['links'][number] => {
    const { path, label, upwards } = chains[index]!;
    if (path.length === 0) return selfLoop(boxes, link, at);
    const through = path.flatMap((cell, position) => {
      const { x, y } = at(cell);
      const row = ys[cells[cell]!.rank]!;
      const half = cells[cell]!.height / 2;
      if (position === 0) return [{ x: x + ranked.portOf(index, 'out', xs), y: y + half }];
      if (position === path.length - 1) return [{ x: x + ranked.portOf(index, 'in', xs), y: y - half }];
      // Straight through its row: only between rows may a line bend.
      return [
        { x, y: row.top },
        { x, y: row.bottom },
      ];
    });
    return { points: upwards ? through.reverse() : through, label: label === null ? null : at(label) };
  });
  const bottom = ys[ranks.length - 1]!.bottom + MARGIN;
  return {
    width: right - left,
    height: bottom,
    boxes: new Map(boxes.map(({ id }, index) => [id, at(index)])),
    links: drawn,
  };
}

/** Top, middle and bottom of each rank. */
function rows({ cells, ranks }: Ranked): { top: number; middle: number; bottom: number }[] {
  let y = MARGIN;
  return ranks.map((rank) => {
    const height = Math.max(...rank.map((index) => cells[index]!.height));
    const row = { top: y, middle: y + height / 2, bottom: y + height };
    y = row.bottom + GAP;
    return row;
  });
}

/** A step that leads to itself: out on its right side and in again. */
function selfLoop(boxes: readonly Box[], link: Link, at: (index: number) => Point): Drawing['links'][number] {
  const index = boxes.findIndex(({ id }) => id === link.from);
  const { x, y } = at(index);
  const { width, height } = boxes[index]!;
  const side = x + width / 2;
  const points = [
    { x: side, y: y + height / 4 },
    { x: side + 22, y: y + height / 4 },
    { x: side + 22, y: y - height / 4 },
    { x: side, y: y - height / 4 },
  ];
  return { points, label: link.labelWidth === 0 ? null : { x: side + 22, y } };
}
