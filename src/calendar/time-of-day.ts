import type { Instant } from '../shared/clock.ts';
import { DAY, HOUR, MINUTE, fromDayNumber, toDayNumber, weekdayOf, type CivilDate } from './civil.ts';
import { remember } from './remember.ts';
import { firstInstant, localMs } from './zone.ts';

/** A local time of day; `hour` 0 to 23. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** A local date with its weekday, 1 Monday to 7 Sunday. */
export interface LocalDate extends CivilDate {
  readonly weekday: number;
}

/** Reads `HH:MM`, 00:00 to 23:59; null when it is not one. */
export const parseTimeOfDay = remember(2048, (text: string): TimeOfDay | null => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? null : { hour: Number(match[1]), minute: Number(match[2]) };
});

/** The day number (days since 1970-01-01) of the local date at an instant. */
export function localDay(at: Instant, zone: string): number {
  return Math.floor(localMs(at, zone) / DAY);
}

/** The local date at an instant. */
export function localDate(at: Instant, zone: string): LocalDate {
  const day = localDay(at, zone);
  return { ...fromDayNumber(day), weekday: weekdayOf(day) };
}

/** `atLocal` by day number. */
export function atTime(day: number, time: TimeOfDay, zone: string): Instant {
  return firstInstant(day * DAY + time.hour * HOUR + time.minute * MINUTE, zone);
}

/** The instant of a local date and time: the first after the gap when it does not exist, the first of two when it exists twice. */
export function atLocal(date: CivilDate, time: TimeOfDay, zone: string): Instant {
  return atTime(toDayNumber(date.year, date.month, date.day), time, zone);
}

/** The first instant at or after `at` that is a day's `time`. Each local day has one, also where clocks show the time twice or never. */
export function nextTimeOfDay(at: Instant, time: TimeOfDay, zone: string): Instant {
  for (let day = localDay(at, zone); ; day++) {
    const candidate = atTime(day, time, zone);
    if (candidate >= at) return candidate;
  }
}

/** Whole local calendar days between two instants: 0 on the same local date, 1 from 23:59 to 00:01, negative backwards. */
export function daysBetween(from: Instant, to: Instant, zone: string): number {
  return localDay(to, zone) - localDay(from, zone);
}
