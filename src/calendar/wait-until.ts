import type { Instant } from '../shared/clock.ts';
import { parseDate, toDayNumber, weekdayOf } from './civil.ts';
import { atTime, localDay, parseTimeOfDay } from './time-of-day.ts';
import { parseWeekday } from './weekday.ts';

/** What a `wait: {until: …}` waits for; all that is given must hold. */
export interface Until {
  /** `HH:MM`; the start of the day when left out. */
  readonly time?: string;
  /** `Mon` or `Monday`, or several. */
  readonly weekday?: string | readonly string[];
  /** `YYYY-MM-DD`; with `weekday`, the first such day from this date on. */
  readonly date?: string;
}

function required<Value>(value: Value | null, text: string, form: string): Value {
  if (value === null) throw new RangeError(`Not ${form}: "${text}".`);
  return value;
}

/**
 * The first instant after `at` on a day that fits, at the time given. A date that is past is not waited for: then it
 * is `at` itself. Throws a RangeError for a malformed time, weekday or date.
 */
export function waitUntil(at: Instant, until: Until, zone: string): Instant {
  const time = until.time ?? '00:00';
  const timeOfDay = required(parseTimeOfDay(time), time, 'a time of day, HH:MM');
  const weekdays = [until.weekday ?? []].flat().map((name) => required(parseWeekday(name), name, 'a weekday'));
  const fits = (day: number): boolean => weekdays.length === 0 || weekdays.includes(weekdayOf(day));

  let day = localDay(at, zone);
  if (until.date !== undefined) {
    const date = parseDate(until.date);
    if (date === null || date.year === null) throw new RangeError(`Not a date, YYYY-MM-DD: "${until.date}".`);
    day = toDayNumber(date.year, date.month, date.day);
    while (!fits(day)) day++;
    return Math.max(at, atTime(day, timeOfDay, zone));
  }
  for (; ; day++) {
    if (!fits(day)) continue;
    const candidate = atTime(day, timeOfDay, zone);
    if (candidate > at) return candidate;
  }
}
