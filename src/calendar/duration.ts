import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../shared/clock.ts';
import { DAY, HOUR, MINUTE, addMonths } from './civil.ts';
import { remember } from './remember.ts';
import { firstInstant, localMs } from './zone.ts';

/** A length of time: months and days are steps on the contact's calendar, milliseconds are absolute. All of one sign. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
}

/** Longer ones are typing errors, and would leave the range of dates. */
const LONGEST = 1000 * 365 * DAY;

const SHORT_UNITS: Record<string, Duration> = {
  m: { months: 0, days: 0, ms: MINUTE },
  h: { months: 0, days: 0, ms: HOUR },
  d: { months: 0, days: 1, ms: 0 },
  w: { months: 0, days: 7, ms: 0 },
  mo: { months: 1, days: 0, ms: 0 },
  y: { months: 12, days: 0, ms: 0 },
};

// Adding zero turns -0 into 0, which deep comparison tells apart.
const times = (duration: Duration, factor: number): Duration => ({
  months: duration.months * factor + 0,
  days: duration.days * factor + 0,
  ms: duration.ms * factor + 0,
});

function parseShort(text: string): Duration | null {
  const match = /^(-?)(\d{1,9})(m|h|d|w|mo|y)$/.exec(text);
  return match === null ? null : times(SHORT_UNITS[match[3]!]!, Number(`${match[1]}${match[2]}`));
}

function parseIso(text: string): Duration | null {
  try {
    const iso = Temporal.Duration.from(text);
    return {
      months: iso.years * 12 + iso.months,
      days: iso.weeks * 7 + iso.days,
      ms: iso.hours * HOUR + iso.minutes * MINUTE + iso.seconds * 1000 + iso.milliseconds,
    };
  } catch {
    return null;
  }
}

/**
 * Reads a duration: the short form `10m 4h 3d 2w 6mo 1y` (one unit), or ISO 8601 such as `P1DT2H`; either may begin
 * with `-`. Null when it is neither, or longer than 1,000 years.
 */
export const parseDuration = remember(4096, (text: string): Duration | null => {
  const duration = parseShort(text) ?? parseIso(text);
  return duration === null || Math.abs(durationMs(duration)) > LONGEST ? null : duration;
});

/** True for a text that is a duration, and a longer one than 1,000 years. */
export function isTooLong(text: string): boolean {
  if (/^-?\d+(?:m|h|d|w|mo|y)$/.test(text) && parseShort(text) === null) return true;
  const duration = parseShort(text) ?? parseIso(text);
  return duration !== null && Math.abs(durationMs(duration)) > LONGEST;
}

/** The instant a duration later: first the calendar steps, which keep the local time of day, then the absolute part. */
export function addDuration(at: Instant, duration: Duration, zone: string): Instant {
  if (duration.months === 0 && duration.days === 0) return at + duration.ms;
  const local = localMs(at, zone);
  const day = Math.floor(local / DAY);
  const newDay = addMonths(day, duration.months) + duration.days;
  return firstInstant(newDay * DAY + (local - day * DAY), zone) + duration.ms;
}

/** The instant a duration earlier. Not always the inverse of `addDuration`: months and clock changes differ in length. */
export function subtractDuration(at: Instant, duration: Duration, zone: string): Instant {
  return addDuration(at, times(duration, -1), zone);
}

/** A fixed length in milliseconds, for rolling windows (rule P10): a day 24 hours, a month 30 days, a year 365 days. */
export function durationMs(duration: Duration): number {
  const years = Math.trunc(duration.months / 12);
  return (years * 365 + (duration.months - years * 12) * 30 + duration.days) * DAY + duration.ms;
}
