export { dayOf, parseDate, writeDay, type CivilDate } from './civil.ts';
export { contactZone, contactZones, countryZones, type Whereabouts } from './country.ts';
export { addDuration, durationMs, parseDuration, subtractDuration, type Duration } from './duration.ts';
export { holidayDates, holidayName, isHoliday, regionCode, type HolidayCalendar } from './holidays.ts';
export { dateOf, instantOf, MOMENT_FORMS, readMoment, type Moment } from './moment.ts';
export { longSpanText, offsetText, spanText, timeOfDayText, weeklyWindowText } from './notation.schema.ts';
export { nextOccurrence, occurrence, type OccurrenceOptions } from './occurrence.ts';
export { calendarPeriod, type CalendarUnit, type Period, type WeekStart } from './period.ts';
export {
  nextAnywhere,
  nextRecurrence,
  parseRecurrence,
  recurrences,
  type Recurrence,
  type RecurrenceTime,
} from './recurrence.ts';
export { missedDays, type MissedDay } from './short-months.ts';
export {
  atLocal,
  atTime,
  daysBetween,
  localDate,
  localDay,
  nextTimeOfDay,
  parseTimeOfDay,
  type LocalDate,
  type TimeOfDay,
} from './time-of-day.ts';
export { waitUntil, type Until } from './wait-until.ts';
export { parseWeekday } from './weekday.ts';
export { everOpen, longestShut } from './weekly-overlap.ts';
export { isWithin, nextClosing, nextWithin, parseWeeklyWindow, type WeeklyWindow } from './weekly-window.ts';
export { isZone, nextTurn } from './zone.ts';
