import type { Instant } from '../shared/clock.ts';
import { DAY, fromDayNumber, toDayNumber, weekdayOf } from './civil.ts';
import { remember } from './remember.ts';
import { localDay } from './time-of-day.ts';
import { firstInstant } from './zone.ts';

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';
export type WeekStart = 'monday' | 'sunday';

/** `start` included, `end` not. */
export interface Period {
  readonly start: Instant;
  readonly end: Instant;
}

/** First day, and first day of the next, of the unit around a day. */
function daysAround(unit: CalendarUnit, day: number, weekStart: WeekStart): [number, number] {
  if (unit === 'day') return [day, day + 1];
  if (unit === 'week') {
    const first = day - (weekStart === 'monday' ? weekdayOf(day) - 1 : weekdayOf(day) % 7);
    return [first, first + 7];
  }
  const { year, month } = fromDayNumber(day);
  const length = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  const first = month - ((month - 1) % length);
  const wraps = first + length > 12;
  return [toDayNumber(year, first, 1), toDayNumber(wraps ? year + 1 : year, wraps ? 1 : first + length, 1)];
}

function periodAround(unit: CalendarUnit, at: Instant, zone: string, weekStart: WeekStart): Period {
  let [first, next] = daysAround(unit, localDay(at, zone), weekStart);
  let end = firstInstant(next * DAY, zone);
  // Clocks turned back over midnight show the old date once more, after the new period has begun.
  while (end <= at) {
    [first, next] = daysAround(unit, next, weekStart);
    end = firstInstant(next * DAY, zone);
  }
  return { start: firstInstant(first * DAY, zone), end };
}

/** The last period asked for of each kind, by zone: messages of one moment nearly all fall into it. */
const lastPeriods = remember(2048, (_zone: string): Record<CalendarUnit | 'sunday-week', Period> => {
  const never = { start: 0, end: 0 };
  return { day: never, week: never, 'sunday-week': never, month: never, quarter: never, year: never };
});

/** The calendar day, week, month, quarter or year around an instant, in local time (rule P10). */
export function calendarPeriod(unit: CalendarUnit, at: Instant, zone: string, weekStart: WeekStart): Period {
  const last = lastPeriods(zone);
  const kind = unit === 'week' && weekStart === 'sunday' ? 'sunday-week' : unit;
  const { start, end } = last[kind];
  if (at < start || at >= end) last[kind] = periodAround(unit, at, zone, weekStart);
  return last[kind];
}
