import { calendarPeriod } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { CALENDAR_UNITS } from './rule.schema.ts';
import type { CountedSend, ScopeSubject } from './send.ts';

/** A compiled window. A gap is a rolling window with room for one (rule P10). */
export type Window =
  | { kind: 'rolling'; length: number }
  | { kind: 'calendar'; unit: (typeof CALENDAR_UNITS)[number]; weekStart: 'monday' | 'sunday' }
  | { kind: 'lifetime' };

/** Which sends a rule counts; null means all of them. */
export type InScope = ((send: ScopeSubject) => boolean) | null;

export interface WindowCount {
  used: number;
  /** The first instant at or after the one asked for at which `used` is below `max`; Infinity when there is none. */
  earliest: Instant;
}

/** Index of the first send at or after `at`; the length when there is none. */
export function firstAtOrAfter(sends: readonly CountedSend[], at: Instant): number {
  let low = 0;
  let high = sends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sends[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countBetween(sends: readonly CountedSend[], inScope: InScope, from: number, to: number): number {
  if (inScope === null) return to - from;
  let used = 0;
  for (let index = from; index < to; index += 1) if (inScope(sends[index]!)) used += 1;
  return used;
}

/** The instant of the send that is `nth` (from 0) of those in scope from index `from` on. */
function nthInstant(sends: readonly CountedSend[], inScope: InScope, from: number, nth: number): Instant {
  if (inScope === null) return sends[from + nth]!.at;
  let left = nth;
  for (let index = from; ; index += 1) {
    if (inScope(sends[index]!)) {
      if (left === 0) return sends[index]!.at;
      left -= 1;
    }
  }
}

/**
 * How full a rolling window is for a message at `at`: at an instant t it counts t - length < s <= t (rule P10).
 * Sends can lie after `at` when another process's clock is ahead; then the fullest window that holds `at` decides,
 * so that the ceiling is kept in every one of them (rule P1).
 */
function countRolling(times: readonly Instant[], length: number, at: Instant): number {
  let first = 0;
  let fullest = 0;
  let last = 0;
  while (first < times.length && times[first]! <= at - length) first += 1;
  while (last < times.length && times[last]! <= at) last += 1;
  fullest = last - first;
  for (; last < times.length && times[last]! < at + length; last += 1) {
    while (times[first]! <= times[last]! - length) first += 1;
    fullest = Math.max(fullest, last + 1 - first);
  }
  return fullest;
}

function rolling(
  length: number,
  sends: readonly CountedSend[],
  inScope: InScope,
  max: number,
  at: Instant,
): WindowCount {
  const from = firstAtOrAfter(sends, at - length + 1);
  if (sends.length === 0 || sends[sends.length - 1]!.at <= at) {
    const used = countBetween(sends, inScope, from, sends.length);
    if (used < max) return { used, earliest: at };
    // Room comes at the very instant the message that fills the last place leaves the window.
    return { used, earliest: max === 0 ? Infinity : nthInstant(sends, inScope, from, used - max) + length };
  }
  const times: Instant[] = [];
  for (let index = from; index < sends.length; index += 1)
    if (inScope === null || inScope(sends[index]!)) times.push(sends[index]!.at);
  const used = countRolling(times, length, at);
  if (used < max) return { used, earliest: at };
  if (max === 0) return { used, earliest: Infinity };
  // The count can fall only where a message leaves.
  const leaving = times.find((time) => time + length > at && countRolling(times, length, time + length) < max);
  return { used, earliest: leaving === undefined ? Infinity : leaving + length };
}

function calendar(
  window: Extract<Window, { kind: 'calendar' }>,
  sends: readonly CountedSend[],
  inScope: InScope,
  max: number,
  at: Instant,
  zone: string,
): WindowCount {
  const countIn = (period: { start: Instant; end: Instant }): number =>
    countBetween(sends, inScope, firstAtOrAfter(sends, period.start), firstAtOrAfter(sends, period.end));
  let period = calendarPeriod(window.unit, at, zone, window.weekStart);
  const used = countIn(period);
  if (used < max) return { used, earliest: at };
  if (max === 0) return { used, earliest: Infinity };
  do period = calendarPeriod(window.unit, period.end, zone, window.weekStart);
  while (countIn(period) >= max);
  return { used, earliest: period.start };
}

/**
 * Counts the sends of one window for a message at `at` and computes when it next has room, given what was sent so far.
 * `sends` are oldest first. The cost grows with the sends inside the window, not with the history before it.
 */
export function countWindow(
  window: Window,
  sends: readonly CountedSend[],
  inScope: InScope,
  max: number,
  at: Instant,
  zone: string,
): WindowCount {
  switch (window.kind) {
    case 'rolling':
      return rolling(window.length, sends, inScope, max, at);
    case 'calendar':
      return calendar(window, sends, inScope, max, at, zone);
    case 'lifetime': {
      const used = countBetween(sends, inScope, 0, sends.length);
      return { used, earliest: used < max ? at : Infinity };
    }
  }
}
