import { calendarPeriod } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Weighed } from './send-index.ts';
import { FADED, rounded } from './unit.ts';
import { onceLanded, type Asking, type View, type WindowCount } from './count-window.ts';
import type { Window } from './window.ts';

/** From when on (included) and until when (not) the sends count that a window holds at `at`. */
function boundsOf(window: Window, zone: string, at: Instant): { from: Instant; until: Instant } {
  switch (window.kind) {
    case 'rolling':
      return { from: at - window.length + 1, until: Infinity };
    case 'calendar': {
      const { start, end } = calendarPeriod(window.unit, at, zone, window.weekStart);
      return { from: start, until: end };
    }
    case 'lifetime':
      return { from: -Infinity, until: Infinity };
  }
}

/**
 * A score counts what its window holds, each message's weight halved for every half-life since it was sent, and gone
 * after `FADED` of them. One that is in the air, or that another process's clock puts after `at`, counts in full (rule P1a).
 */
export function countScore(
  window: Window,
  halfLife: number,
  view: View,
  { cost, max }: Asking,
  at: Instant,
): WindowCount {
  const { index, place, zone } = view;
  const span = FADED * halfLife;
  const first = Math.max(boundsOf(window, zone, at).from, at - span + 1);
  const sends = index.weighed(place, first);
  const scoreAt = (time: Instant): number => {
    const { from, until } = boundsOf(window, zone, time);
    let sum = 0;
    for (const send of sends)
      if (send.at >= from && send.from < until && send.at > time - span)
        sum += send.weight * 2 ** (-Math.max(0, time - send.at) / halfLife);
    return sum;
  };
  const fits = (time: Instant): boolean => rounded(scoreAt(time) + cost) <= max;

  const used = rounded(scoreAt(at));
  if (fits(at)) return { used, earliest: at };
  if (cost > max) return { used, earliest: Infinity };
  if (index.isInAir) {
    const { earliest } = countScore(window, halfLife, { ...view, index: index.asIfLeft }, { cost, max }, at);
    return { used, earliest: onceLanded(index, earliest, at) };
  }
  // Between two of these instants the score only falls; there are as many as messages, so one of them fits.
  for (let time = at; ;) {
    const next = nextTurn(window, span, zone, sends, time);
    const fitting = fits(next - 1) ? firstFitting(fits, time, next - 1) : fits(next) ? next : null;
    if (fitting !== null) return { used, earliest: fitting };
    time = next;
  }
}

/** The first instant after `time` at which something other than fading happens: a message leaves, a period begins, one ahead is reached. */
function nextTurn(window: Window, span: number, zone: string, sends: readonly Weighed[], time: Instant): Instant {
  const length = window.kind === 'rolling' ? Math.min(window.length, span) : span;
  let next = boundsOf(window, zone, time).until;
  for (const { at } of sends) {
    if (at > time) next = Math.min(next, at);
    if (at + length > time) next = Math.min(next, at + length);
  }
  return next;
}

/** The first instant in (`after`, `last`] that fits, where all before it do not and all from it on do; `last` fits. */
function firstFitting(fits: (time: Instant) => boolean, after: Instant, last: Instant): Instant {
  let low = after;
  let high = last;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}
