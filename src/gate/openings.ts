import { holidayDates, isWithin, localDay, nextWithin } from '../calendar/index.ts';
import type { HolidayCalendar, WeeklyWindow } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Closing } from './message.ts';

/** Hours that must be open in every one of the zones (rule T1). With `holidays`, shut on that country's. */
export interface Opening {
  window: WeeklyWindow;
  /** The window as it was written. */
  hours: string;
  zones: readonly string[];
  holidays?: HolidayCalendar;
}

/** Whether all are open. No zone to look at counts as closed. */
export function allOpen(openings: readonly Opening[], at: Instant): boolean {
  return openings.every(
    ({ window, zones, holidays }) => zones.length > 0 && zones.every((zone) => isWithin(window, at, zone, holidays)),
  );
}

/**
 * The first hours that are closed at an instant, by whose clock, and the public holidays that keep them so until they
 * open; null when all are open.
 */
export function closingOf(openings: readonly Opening[], at: Instant, until: Instant | null): Closing | null {
  for (const { window, hours, zones, holidays } of openings) {
    const zone = zones.find((each) => !isWithin(window, at, each, holidays));
    if (zone === undefined) continue;
    if (holidays === undefined) return { hours, zone };
    const { country, region } = holidays;
    const dates = holidayDates(holidays, localDay(at, zone), localDay(until ?? at, zone), (day) => window.days[day]!);
    if (dates.length === 0) return { hours, zone };
    const whose = { country, ...(typeof region === 'string' && { region }) };
    return { hours, zone, holidays: dates.map((date) => ({ date, ...whose })) };
  }
  return null;
}

/** What `nextWithin` looks ahead, for all openings together. */
const HORIZON = 60 * 86_400_000;

/** The earliest instant from `at` on at which all are open together; null when that is never within 60 days. */
export function nextAllOpen(openings: readonly Opening[], at: Instant): Instant | null {
  let candidate = at;
  let agreeing = 0;
  for (let index = 0; agreeing < openings.length; index = (index + 1) % openings.length) {
    const { window, zones, holidays } = openings[index]!;
    const open = nextWithin(window, candidate, zones, holidays);
    if (open === null || open > at + HORIZON) return null;
    agreeing = open === candidate ? agreeing + 1 : 1;
    candidate = open;
  }
  return candidate;
}
