import { atTime, holidayDates, isWithin, localDay, nextClosing, nextWithin } from '../calendar/index.ts';
import type { HolidayCalendar, WeeklyWindow } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Closing } from './message.ts';

/** Hours that must be open in every one of the zones (rule T1). With `holidays`, shut on that country's. */
export interface OpenHours {
  window: WeeklyWindow;
  /** The window as it was written. */
  hours: string;
  zones: readonly string[];
  holidays?: HolidayCalendar;
}

/** Days, first and last included, that must be over, or not yet begun, in every one of the zones; as day numbers. */
export interface ShutDays {
  shut: { first: number; last: number };
  blackout: NonNullable<Closing['blackout']>;
  zones: readonly string[];
}

export type Opening = OpenHours | ShutDays;

export const isBlackout = (opening: Opening): opening is ShutDays => 'shut' in opening;

/** Whether all are open. No zone to look at counts as closed. */
export function allOpen(openings: readonly Opening[], at: Instant): boolean {
  return openings.every(
    (opening) => opening.zones.length > 0 && opening.zones.every((zone) => isOpen(opening, at, zone)),
  );
}

function isOpen(opening: Opening, at: Instant, zone: string): boolean {
  if (!isBlackout(opening)) return isWithin(opening.window, at, zone, opening.holidays);
  const day = localDay(at, zone);
  return day < opening.shut.first || day > opening.shut.last;
}

/**
 * The first hours that are closed at an instant, by whose clock, and the public holidays that keep them so until they
 * open; null when all are open.
 */
export function closingOf(openings: readonly Opening[], at: Instant, until: Instant | null): Closing | null {
  for (const opening of openings) {
    const zone = opening.zones.find((each) => !isOpen(opening, at, each));
    if (zone === undefined) continue;
    if (isBlackout(opening)) return { zone, blackout: opening.blackout };
    const { window, hours, holidays } = opening;
    if (holidays === undefined) return { hours, zone };
    const { country, region } = holidays;
    const dates = holidayDates(holidays, localDay(at, zone), localDay(until ?? at, zone), (day) => window.days[day]!);
    if (dates.length === 0) return { hours, zone };
    const whose = { country, ...(typeof region === 'string' && { region }) };
    return { hours, zone, holidays: dates.map((date) => ({ date, ...whose })) };
  }
  return null;
}

/** The first instant after `at`, at which all are open, at which one of them is not; `limit` when that is not before. */
export function nextShut(openings: readonly Opening[], at: Instant, limit: Instant): Instant {
  let least = limit;
  for (const opening of openings)
    for (const zone of opening.zones) {
      if (!isBlackout(opening)) least = nextClosing(opening.window, at, zone, least, opening.holidays);
      else {
        const begins = atTime(opening.shut.first, MIDNIGHT, zone);
        if (begins > at) least = Math.min(least, begins);
      }
    }
  return least;
}

/** What `nextWithin` looks ahead, for all openings together; days that are shut do not count. */
const HORIZON = 60 * 86_400_000;
const MIDNIGHT = { hour: 0, minute: 0 };

/** The earliest instant from `at` on at which all are open together; null when that is never within 60 open days. */
export function nextAllOpen(openings: readonly Opening[], at: Instant): Instant | null {
  let candidate = at;
  let limit = at + HORIZON;
  let agreeing = 0;
  for (let index = 0; agreeing < openings.length; index = (index + 1) % openings.length) {
    const opening = openings[index]!;
    const open = isBlackout(opening)
      ? afterShut(opening, candidate)
      : nextWithin(opening.window, candidate, opening.zones, opening.holidays);
    if (open === null) return null;
    if (isBlackout(opening) && open > candidate) limit = Math.max(limit, open + HORIZON);
    if (open > limit) return null;
    agreeing = open === candidate ? agreeing + 1 : 1;
    candidate = open;
  }
  return candidate;
}

/** The first instant from `at` on that is on none of the days in any zone. Where one has them over another may begin them. */
function afterShut(opening: ShutDays, at: Instant): Instant | null {
  const { zones, shut } = opening;
  if (zones.length === 0) return null;
  let candidate = at;
  for (;;) {
    const zone = zones.find((each) => !isOpen(opening, candidate, each));
    if (zone === undefined) return candidate;
    candidate = atTime(shut.last + 1, MIDNIGHT, zone);
  }
}
