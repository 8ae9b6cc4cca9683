/** A date of the Gregorian calendar, without time or zone. `month` is 1 to 12. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
/** 24 hours; a local day may last longer or shorter. */
export const DAY = 86_400_000;

/** Days since 1970-01-01. The calendar repeats every 400 years of 146,097 days; years here begin in March, so that 29 February is the last day. */
export function toDayNumber(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day number; the inverse of `toDayNumber`. */
export function fromDayNumber(dayNumber: number): CivilDate {
  const z = dayNumber + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** 1 Monday to 7 Sunday (ISO 8601). 1970-01-01 was a Thursday. */
export function weekdayOf(dayNumber: number): number {
  const weekday = (dayNumber + 3) % 7;
  return (weekday < 0 ? weekday + 7 : weekday) + 1;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : LENGTHS[month - 1]!;
}

/** The same day of the month, months later; the last day of that month when it is shorter. */
export function addMonths(dayNumber: number, months: number): number {
  if (months === 0) return dayNumber;
  const { year, month, day } = fromDayNumber(dayNumber);
  const index = year * 12 + (month - 1) + months;
  const newYear = Math.floor(index / 12);
  const newMonth = index - newYear * 12 + 1;
  return toDayNumber(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

/** Reads `YYYY-MM-DD`, or `--MM-DD` for a date whose year is not known (`year: null`). Null when no such day exists. */
export function parseDate(text: string): { year: number | null; month: number; day: number } | null {
  const match = /^(?:(\d{4})|-)-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const year = match[1] === undefined ? null : Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  // Without a year, 29 February exists: 2000 is a leap year.
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year ?? 2000, month)) return null;
  return { year, month, day };
}

/** The day number of `YYYY-MM-DD`; null when there is no such day. */
export function dayOf(text: string): number | null {
  const date = parseDate(text);
  return date === null || date.year === null ? null : toDayNumber(date.year, date.month, date.day);
}

/** A day number as `YYYY-MM-DD`. */
export function writeDay(dayNumber: number): string {
  const { year, month, day } = fromDayNumber(dayNumber);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
