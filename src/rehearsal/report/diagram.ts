import { html, type Html } from '../../shared/html.ts';
import { layOut, type Point } from './layout.ts';
import type { DrawnEdge, DrawnMachine, DrawnNode } from './machine.ts';
import { LABEL_HEIGHT, type Box } from './ranks.ts';

const HEIGHT = 54;
const TITLE_WIDTH = 7.7;
const TEXT_WIDTH = 6.5;
const ICON = 34;
const [NARROWEST, WIDEST] = [132, 310];
const LONGEST_LABEL = 40;
/** How far a picture may shrink before it has to be scrolled. */
const SMALLEST = 0.72;

/** The machine as a picture: where the contact went stands out, and its boxes lead to their place in the timeline. */
export function diagram({ nodes, edges }: DrawnMachine, title: string): Html {
  const boxes = nodes.map(boxOf);
  const links = edges.map(({ from, to, label }) => ({
    from,
    to,
    labelWidth: cut(label, LONGEST_LABEL).length * TEXT_WIDTH,
  }));
  const { width, height, boxes: places, links: lines } = layOut(boxes, links);
  const size = (value: number): string => value.toFixed(1);
  // What was taken is drawn last, over what was not.
  const order = edges
    .map((edge, index) => ({ edge, line: lines[index]! }))
    .sort((a, b) => Number(a.edge.taken) - Number(b.edge.taken));
  return html`<svg
    class="machine"
    viewBox="0 0 ${size(width)} ${size(height)}"
    width="${size(width)}"
    height="${size(height)}"
    style="min-width: ${size(width * SMALLEST)}px"
    role="group"
    aria-label="${title}"
  >
    <defs>
      ${['way', 'taken'].map(
        (name) =>
          html`<marker
            id="${name}"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="10"
            markerHeight="10"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path class="${name}" d="M0 0 8 4 0 8z" />
          </marker>`,
      )}
    </defs>
    ${order.map(({ edge, line }) => lineOf(edge, line.points))}
    ${order.map(({ edge, line }) => labelOf(edge, line.label))}
    ${nodes.map((node, index) => nodeOf(node, boxes[index]!, places.get(node.id)!))}
  </svg>`;
}

function boxOf({ id, title, text }: DrawnNode): Box {
  const words = Math.max(title.length * TITLE_WIDTH, text.length * TEXT_WIDTH) + ICON + 22;
  return { id, width: Math.round(Math.min(WIDEST, Math.max(NARROWEST, words))), height: HEIGHT };
}

function lineOf({ taken }: DrawnEdge, points: readonly Point[]): Html {
  const name = taken ? 'taken' : 'way';
  return html`<path class="line ${name}" d="${curve(points)}" marker-end="url(#${name})" />`;
}

/** Straight down through rows, bent between them. */
function curve([first, ...rest]: readonly Point[]): string {
  const number = (value: number): string => value.toFixed(1);
  let { x, y } = first!;
  let path = `M${number(x)} ${number(y)}`;
  for (const point of rest) {
    const middle = (y + point.y) / 2;
    path +=
      Math.abs(point.x - x) < 0.5 || Math.abs(point.y - y) < 0.5
        ? `L${number(point.x)} ${number(point.y)}`
        : `C${number(x)} ${number(middle)} ${number(point.x)} ${number(middle)} ${number(point.x)} ${number(point.y)}`;
    ({ x, y } = point);
  }
  return path;
}

function labelOf({ label, taken }: DrawnEdge, at: Point | null): Html | null {
  if (at === null) return null;
  const text = cut(label, LONGEST_LABEL);
  const width = text.length * TEXT_WIDTH + 10;
  return html`<g class="label ${taken ? 'taken' : 'way'}">
    <title>${label}</title>
    <rect
      x="${at.x - width / 2}"
      y="${at.y - LABEL_HEIGHT / 2 + 2}"
      width="${width}"
      height="${LABEL_HEIGHT - 4}"
      rx="6"
    />
    <text x="${at.x}" y="${at.y + 4}" text-anchor="middle">${text}</text>
  </g>`;
}

function nodeOf({ kind, title, text, visits, entry }: DrawnNode, { width, height }: Box, { x, y }: Point): Html {
  const [left, top] = [x - width / 2, y - height / 2];
  const room = width - ICON - 16;
  const drawn = html`<title>${title}: ${text}</title>
    <rect
      x="${left}"
      y="${top}"
      width="${width}"
      height="${height}"
      rx="${kind === 'trigger' || kind === 'end' ? height / 2 : 12}"
    />
    <g class="icon" transform="translate(${left + 13} ${y - 9})">${ICONS[kind]}</g>
    <text class="title" x="${left + ICON + 6}" y="${y - 4}">${cut(title, Math.floor(room / TITLE_WIDTH))}</text>
    <text class="text" x="${left + ICON + 6}" y="${y + 14}">${cut(text, Math.floor(room / TEXT_WIDTH))}</text>
    ${visits.length > 0 && badge(visits, left + width - 8, top + 2)}`;
  const name = `node ${kind} ${visits.length > 0 ? 'visited' : ''}`;
  if (entry === null) return html`<g class="${name}">${drawn}</g>`;
  return html`<a class="${name}" href="#entry-${entry}">${drawn}</a>`;
}

function badge(visits: readonly number[], x: number, y: number): Html {
  const text = cut(visits.join(' '), 8);
  const width = Math.max(18, text.length * 6.6 + 8);
  return html`<g class="badge">
    <rect x="${x - width + 6}" y="${y - 9}" width="${width}" height="18" rx="9" />
    <text x="${x - width / 2 + 6}" y="${y + 4}" text-anchor="middle">${text}</text>
  </g>`;
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;

/** 18 by 18. */
const ICONS: Record<DrawnNode['kind'], Html> = {
  trigger: html`<path d="M10 1 3 10h5l-1 7 7-9H9z" />`,
  send: html`<path d="M1.5 4h15v10.5h-15z" /><path d="m1.5 4.5 7.5 6 7.5-6" />`,
  wait: html`<circle cx="9" cy="9" r="7" /><path d="M9 4.5V9l3 2" />`,
  choose: html`<path d="M9 1.5V7M9 7 3.5 12.5V16M9 7l5.5 5.5V16" />`,
  act: html`<path d="M2 5h9M14 5h2M2 13h2M7 13h9" /><circle cx="12.5" cy="5" r="1.8" /><circle
      cx="5.5"
      cy="13"
      r="1.8"
    />`,
  end: html`<circle cx="9" cy="9" r="7" /><path d="m5.5 9 2.5 2.5L12.5 7" />`,
};
