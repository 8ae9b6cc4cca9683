import { html, type Html } from '../../../shared/html.ts';
import { showDay, showNumber } from '../words.ts';

/** A number a day, such as the mails of one programme. */
export interface Series {
  name: string;
  /** One a day, in the order of days. */
  values: readonly number[];
}

/** Colours there are (see style.ts); what is less than the first of them is drawn together. */
const MOST_SERIES = 6;

const WIDTH = 1_000;
const HEIGHT = 260;
const LEFT = 62;
const BOTTOM = 26;
const TOP = 10;
const MOST_LABELS = 10;

/** The largest series, and the sum of all others. */
export function largest(series: readonly Series[]): Series[] {
  const total = ({ values }: Series): number => values.reduce((sum, value) => sum + value, 0);
  const sorted = series.filter((each) => total(each) > 0).sort((a, b) => total(b) - total(a));
  if (sorted.length <= MOST_SERIES) return sorted;
  const rest = sorted.slice(MOST_SERIES - 1);
  const values = rest[0]!.values.map((_, day) => rest.reduce((sum, each) => sum + each.values[day]!, 0));
  return [...sorted.slice(0, MOST_SERIES - 1), { name: 'all others', values }];
}

/**
 * Bars a day, one series on another, with a legend; who cannot see them has the same numbers in a table below.
 * @param what is counted, for its name: "messages sent"
 */
export function dayChart(what: string, days: readonly string[], all: readonly Series[]): Html {
  const series = largest(all);
  const totals = days.map((_, day) => series.reduce((sum, { values }) => sum + values[day]!, 0));
  const highest = Math.max(...totals);
  const step = niceStep(highest / 4);
  const top = Math.max(step, Math.ceil(highest / step) * step);
  const y = (value: number): number => round(TOP + (HEIGHT - TOP) * (1 - value / top));
  const pitch = (WIDTH - LEFT) / days.length;
  const every = Math.ceil(days.length / MOST_LABELS);
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  const most = totals.indexOf(highest);
  const name = `${what} by day: most on ${showDay(days[most]!)}, ${showNumber(highest)}. The table below has every number.`;
  return html`<figure>
    <ul class="legend">
      ${series.map(
        ({ name: label, values }, index) =>
          html`<li class="s${index}">${label} <b>${showNumber(values.reduce((sum, value) => sum + value, 0))}</b></li>`,
      )}
    </ul>
    <div class="wide" tabindex="0" role="group" aria-label="${what} by day, as bars">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT + BOTTOM}" role="img" aria-label="${name}">
        ${ticks.map(
          (tick) =>
            html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(tick)}" y2="${y(tick)}" /><text
                x="${LEFT - 8}"
                y="${y(tick) + 4}"
                text-anchor="end"
              >
                ${showNumber(tick)}
              </text>`,
        )}
        ${days.map((day, index) => {
          const x = LEFT + index * pitch;
          return html`<g>
            <title>${showDay(day)}: ${showNumber(totals[index]!)}</title>
            ${stacked(series, index).map(
              ([part, from, to]) =>
                html`<rect
                  class="s${part}"
                  x="${round(x + pitch * 0.12)}"
                  width="${round(pitch * 0.76)}"
                  y="${y(to)}"
                  height="${round(y(from) - y(to))}"
                />`,
            )}
            ${
              index % every === 0 &&
              html`<text x="${round(x + pitch / 2)}" y="${HEIGHT + BOTTOM - 6}" text-anchor="middle">
                ${showDay(day).slice(4)}
              </text>`
            }
          </g>`;
        })}
      </svg>
    </div>
  </figure>`;
}

/** Of one day, each series with where its bar begins and ends. */
function stacked(series: readonly Series[], day: number): [series: number, from: number, to: number][] {
  let from = 0;
  return series.flatMap(({ values }, index): [number, number, number][] => {
    const to = from + values[day]!;
    const part: [number, number, number] = [index, from, to];
    from = to;
    return part[1] === to ? [] : [part];
  });
}

/** 1, 2 or 5 times a power of ten, at least this and at least 1: messages are whole. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least)!;
}

/** Hundredths of a pixel are enough. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
