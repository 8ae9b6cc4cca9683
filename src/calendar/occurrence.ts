import type { Instant } from '../shared/clock.ts';
import { addMonths, isLeapYear, parseDate, toDayNumber } from './civil.ts';
import { durationMs, type Duration } from './duration.ts';
import { atTime, localDate, type TimeOfDay } from './time-of-day.ts';

/** How a date of a contact becomes an instant. */
export interface OccurrenceOptions {
  /** Calendar steps from the date, `-7d` for a week before; hours and smaller move the instant itself. */
  readonly offset?: Duration;
  /** Local time of day. */
  readonly at: TimeOfDay;
  /** What stands for 29 February in a common year (rule T6); 28 February unless said. */
  readonly feb29?: 'feb28' | 'mar1';
}

/**
 * The instant at which a date, `YYYY-MM-DD` or `--MM-DD`, triggers in an occurrence year. The occurrence year is that
 * of the date itself: with `-7d`, 3 January 2027 triggers in December 2026. Throws a RangeError when it is no date.
 */
export function occurrence(date: string, year: number, options: OccurrenceOptions, zone: string): Instant {
  const parsed = parseDate(date);
  if (parsed === null) throw new RangeError(`Not a date: "${date}". Write YYYY-MM-DD or --MM-DD.`);
  const moved = parsed.month === 2 && parsed.day === 29 && !isLeapYear(year);
  const base = !moved
    ? toDayNumber(year, parsed.month, parsed.day)
    : options.feb29 === 'mar1'
      ? toDayNumber(year, 3, 1)
      : toDayNumber(year, 2, 28);
  const { months = 0, days = 0, ms = 0 } = options.offset ?? {};
  return atTime(addMonths(base, months) + days, options.at, zone) + ms;
}

/**
 * The first occurrence that triggers at or after an instant, in an occurrence year of at least `minYear` (rule T5: the
 * years already used are below it), and not before the date's own year. Without `yearly` there is only that of the
 * date's own year. Null when there is none: it is past, below `minYear`, without the year it needs, or no date.
 */
export function nextOccurrence(
  date: string,
  after: Instant,
  options: OccurrenceOptions & { readonly yearly: boolean; readonly minYear?: number },
  zone: string,
): { year: number; at: Instant } | null {
  const parsed = parseDate(date);
  if (parsed === null) return null;
  const earliest = Math.max(options.minYear ?? 0, parsed.year ?? 0);
  if (!options.yearly) {
    if (parsed.year === null || parsed.year < earliest) return null;
    const at = occurrence(date, parsed.year, options, zone);
    return at >= after ? { year: parsed.year, at } : null;
  }
  // Later years trigger later, so start safely below the year wanted: a fixed length is at most 1.5 % off the calendar.
  const shift = options.offset === undefined ? 0 : durationMs(options.offset);
  const below = localDate(after - shift - Math.abs(shift) * 0.02, zone).year - 1;
  for (let year = Math.max(below, earliest); ; year++) {
    const at = occurrence(date, year, options, zone);
    if (at >= after) return { year, at };
  }
}
