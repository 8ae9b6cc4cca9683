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
 * Sends can lie after `at`: they are in the air, or another process's clock is ahead. Then the fullest window that holds
 * `at` decides, each send being where it fills that most, so that the ceiling is kept in every one (rules P1, P1a).
 */
function fullest(sends: readonly Weighed[], length: number, at: Instant): number {
  const filledAt = (time: Instant): number =>
    sends.reduce((sum, send) => (send.from <= time && send.at > time - length ? sum + send.weight : sum), 0);
  let most = filledAt(at);
  // It can be fuller later only where a send may begin.
  for (const { from } of sends) if (from > at && from < at + length) most = Math.max(most, filledAt(from));
  return most;
}

/** The first instant after `at` from which on what lies ahead leaves a rolling window no room any more; Infinity when there is none. */
export function rollingHoldsUntil(length: number, { index, place }: View, { cost, max }: Asking, at: Instant): Instant {
  if (index.latest <= at) return Infinity;
  const sends = index.weighed(place, at - length + 1);
  return sends.reduce((least, { from }) => {
    const near = from - length + 1;
    return near > at && near < least && fullest(sends, length, near) + cost > max ? near : least;
  }, Infinity);
}

/**
 * When a message has room that is refused for what may still be: when it would if all that is in the air left at once, else
 * when that has had its time.
 */
export function onceLanded(index: SendIndex, atBest: Instant, at: Instant): Instant {
  return atBest > at ? atBest : index.landedBy(at);
}

function rolling(length: number, view: View, asking: Asking, at: Instant): WindowCount {
  const { index, place } = view;
  const { cost, max } = asking;
  const from = at - length + 1;
  const isAhead = index.latest > at;
  const used = isAhead ? fullest(index.weighed(place, from), length, at) : index.between(place, from, Infinity);
  if (used + cost <= max) return { used, earliest: at };
  if (cost > max) return { used, earliest: Infinity };
  if (index.isInAir) {
    const { earliest } = rolling(length, { ...view, index: index.asIfLeft }, asking, at);
    return { used, earliest: onceLanded(index, earliest, at) };
  }
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

function calendar(window: Extract<Window, { kind: 'calendar' }>, view: View, asking: Asking, at: Instant): WindowCount {
  const { index, place, zone } = view;
  const { cost, max } = asking;
  let period = calendarPeriod(window.unit, at, zone, window.weekStart);
  const used = index.touching(place, period.start, period.end);
  if (used + cost <= max) return { used, earliest: at };
  if (cost > max) return { used, earliest: Infinity };
  if (index.isInAir) {
    const { earliest } = calendar(window, { ...view, index: index.asIfLeft }, asking, at);
    return { used, earliest: onceLanded(index, earliest, at) };
  }
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
