import { isWithin, nextWithin } from '../calendar/index.ts';
import type { HolidayCalendar, WeeklyWindow } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';

/** Hours that must be open in every one of the zones (rule T1). With `holidays`, shut on that country's. */
export interface Opening {
  window: WeeklyWindow;
  zones: readonly string[];
  holidays?: HolidayCalendar;
}

/** Whether all are open. No zone to look at counts as closed. */
export function allOpen(openings: readonly Opening[], at: Instant): boolean {
  return openings.every(
    ({ window, zones, holidays }) => zones.length > 0 && zones.every((zone) => isWithin(window, at, zone, holidays)),
  );
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
