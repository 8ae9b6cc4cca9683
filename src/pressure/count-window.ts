import { calendarPeriod } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { SendIndex, Weighed } from './send-index.ts';
import type { Window } from './window.ts';

/** A message that asks for room: what it would add, and the most there may be with it. */
export interface Asking {
  cost: number;
  max: number;
}

export interface WindowCount {
  used: number;
  /** The first instant at or after the one asked for at which `used + cost` is not above `max`; Infinity when there is none. */
  earliest: Instant;
}

/** One rule's view of a contact's sends: `place` is that of the rule in the index's set. */
export interface View {
  index: SendIndex;
  place: number;
  /** Where the contact's calendar windows begin and end; IANA name. */
  zone: string;
}

/**
 * How full a rolling window is for a message at `at`: at an instant t it counts t - length < s <= t (rule P10).
 * Sends can lie after `at` when another process's clock is ahead; then the fullest window that holds `at` decides,
 * so that the ceiling is kept in every one of them (rule P1).
 */
function fullest(sends: readonly Weighed[], length: number, at: Instant): number {
  let first = 0;
  let last = 0;
  let inside = 0;
  while (first < sends.length && sends[first]!.at <= at - length) first += 1;
  for (last = first; last < sends.length && sends[last]!.at <= at; last += 1) inside += sends[last]!.weight;
  let most = inside;
  for (; last < sends.length && sends[last]!.at < at + length; last += 1) {
    inside += sends[last]!.weight;
    for (; sends[first]!.at <= sends[last]!.at - length; first += 1) inside -= sends[first]!.weight;
    most = Math.max(most, inside);
  }
  return most;
}

function rolling(length: number, { index, place }: View, { cost, max }: Asking, at: Instant): WindowCount {
  const from = at - length + 1;
  const isAhead = index.latest > at;
  const used = isAhead ? fullest(index.weighed(place, from), length, at) : index.between(place, from, Infinity);
  if (used + cost <= max) return { used, earliest: at };
  if (cost > max) return { used, earliest: Infinity };
  const sends = index.weighed(place, from);
  if (isAhead) {
    // The count can fall only where a message leaves.
    const leaving = sends.find(
      (send) => send.at + length > at && fullest(sends, length, send.at + length) + cost <= max,
    );
    return { used, earliest: leaving === undefined ? Infinity : leaving.at + length };
  }
  // Room comes at the very instant at which the message leaves whose place is wanting.
  let left = used;
  const leaving = sends.find(({ weight }) => (left -= weight) + cost <= max);
  return { used, earliest: leaving!.at + length };
}

function calendar(
  window: Extract<Window, { kind: 'calendar' }>,
  { index, place, zone }: View,
  { cost, max }: Asking,
  at: Instant,
): WindowCount {
  let period = calendarPeriod(window.unit, at, zone, window.weekStart);
  const used = index.between(place, period.start, period.end);
  if (used + cost <= max) return { used, earliest: at };
  if (cost > max) return { used, earliest: Infinity };
  do period = calendarPeriod(window.unit, period.end, zone, window.weekStart);
  while (index.between(place, period.start, period.end) + cost > max);
  return { used, earliest: period.start };
}

/**
 * Counts what one window holds for a message at `at` and computes when it next has room, given what was sent so far.
 * The cost grows with the sends inside the window, not with the history before it.
 */
export function countWindow(window: Window, view: View, asking: Asking, at: Instant): WindowCount {
  switch (window.kind) {
    case 'rolling':
      return rolling(window.length, view, asking, at);
    case 'calendar':
      return calendar(window, view, asking, at);
    case 'lifetime': {
      const used = view.index.between(view.place, -Infinity, Infinity);
      return { used, earliest: used + asking.cost <= asking.max ? at : Infinity };
    }
  }
}
