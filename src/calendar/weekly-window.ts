import type { Instant } from '../shared/clock.ts';
import { DAY, HOUR, MINUTE, weekdayOf } from './civil.ts';
import { isHolidayOn, type HolidayCalendar } from './holidays.ts';
import { remember } from './remember.ts';
import { localDay } from './time-of-day.ts';
import { parseWeekday } from './weekday.ts';
import { firstInstant, steadyOffset } from './zone.ts';

/** Hours of chosen weekdays. What lies after midnight belongs to the day it began on. */
export interface WeeklyWindow {
  /** Indexed by weekday, 1 Monday to 7 Sunday. */
  readonly days: readonly boolean[];
  /** Milliseconds after local midnight; included. */
  readonly start: number;
  /** Milliseconds after the same midnight, above 24 hours when the window crosses the next one; not included. */
  readonly end: number;
}

/** How far ahead `nextWithin` looks. */
const HORIZON = 60 * DAY;
/** A window that holds an instant begins and ends less than this far from it. */
const REACH = 2 * DAY;

function parseDays(text: string): boolean[] | null {
  const days = Array.from({ length: 8 }, () => false);
  for (const part of text.split(',')) {
    const [first, last, extra] = part.split('-').map(parseWeekday);
    if (first === undefined || first === null || last === null || extra !== undefined) return null;
    const until = last ?? first;
    for (let day = first; ; day = (day % 7) + 1) {
      days[day] = true;
      if (day === until) break;
    }
  }
  return days;
}

/**
 * Reads `Mon-Fri 09:00-19:00`, `Mon,Wed 09:00-12:00`, `Fri-Mon 22:00-06:00`: ranges of days may wrap, hours may cross
 * midnight, and `24:00` may be the end. Null when malformed, or when start and end are the same.
 */
export const parseWeeklyWindow = remember(2048, (text: string): WeeklyWindow | null => {
  const match = /^\s*(\S+(?:\s*,\s*\S+)*)\s+([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)\s*$/.exec(text);
  const days = match === null ? null : parseDays(match[1]!);
  if (match === null || days === null) return null;
  const start = Number(match[2]) * HOUR + Number(match[3]) * MINUTE;
  const end = Number(match[4]) * HOUR + Number(match[5]) * MINUTE;
  if (start === end || end > DAY) return null;
  return { days, start, end: end > start ? end : end + DAY };
});

const opensOn = (window: WeeklyWindow, day: number, holidays: HolidayCalendar | undefined): boolean =>
  window.days[weekdayOf(day)]! && (holidays === undefined || !isHolidayOn(holidays, day));

/** The first instant at or after `at`, and not after `limit`, at which the window is open in one zone. */
function nextOpen(
  window: WeeklyWindow,
  at: Instant,
  limit: Instant,
  zone: string,
  holidays: HolidayCalendar | undefined,
): Instant | null {
  for (let day = localDay(at, zone) - 1; ; day++) {
    const start = firstInstant(day * DAY + window.start, zone);
    if (start > limit) return null;
    if (!opensOn(window, day, holidays)) continue;
    // Both ends in one gap: nothing of the window exists that day.
    if (firstInstant(day * DAY + window.end, zone) > Math.max(start, at)) return Math.max(start, at);
  }
}

/**
 * Whether the window is open at an instant: `08:00-20:00` from 08:00:00.000 to 19:59:59.999. A bound that the local
 * clock skips is the first instant after the gap, one that it shows twice is the first. With `holidays`, a window
 * that begins on a public holiday is closed.
 */
export function isWithin(window: WeeklyWindow, at: Instant, zone: string, holidays?: HolidayCalendar): boolean {
  const offset = steadyOffset(at, REACH, zone);
  if (offset === null) return nextOpen(window, at, at, zone, holidays) === at;
  const local = at + offset;
  const day = Math.floor(local / DAY);
  const time = local - day * DAY;
  if (time >= window.start && time < window.end && opensOn(window, day, holidays)) return true;
  return time < window.end - DAY && opensOn(window, day - 1, holidays);
}

/**
 * The earliest instant at or after `at` at which the window is open in every zone (rule T1): `at` itself when it is
 * open now. Null when that is never within 60 days, or when no zone is given.
 */
export function nextWithin(
  window: WeeklyWindow,
  at: Instant,
  zones: readonly string[],
  holidays?: HolidayCalendar,
): Instant | null {
  const limit = at + HORIZON;
  let candidate = at;
  let agreeing = 0;
  // Each zone moves the candidate on to its own next opening, until none of them has to.
  for (let index = 0; agreeing < zones.length; index = (index + 1) % zones.length) {
    const open = nextOpen(window, candidate, limit, zones[index]!, holidays);
    if (open === null) return null;
    agreeing = open === candidate ? agreeing + 1 : 1;
    candidate = open;
  }
  return zones.length === 0 ? null : candidate;
}

/**
 * The first instant after `at`, at which the window is open in a zone, at which it is not; `limit` when that is not before.
 * What ends where the next day's begins does not close.
 */
export function nextClosing(
  window: WeeklyWindow,
  at: Instant,
  zone: string,
  limit: Instant,
  holidays?: HolidayCalendar,
): Instant {
  for (let open = at; ;) {
    const day = localDay(open, zone);
    let end = open;
    // Clocks turned back over midnight show the old date once more.
    for (const began of [day - 1, day, day + 1]) {
      const until = firstInstant(began * DAY + window.end, zone);
      if (until > end && firstInstant(began * DAY + window.start, zone) <= open && opensOn(window, began, holidays))
        end = until;
    }
    if (end >= limit) return limit;
    if (end === open || !isWithin(window, end, zone, holidays)) return end;
    open = end;
  }
}
