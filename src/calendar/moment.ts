import { parseInstant, type Instant } from '../shared/clock.ts';
import { DAY, HOUR, MINUTE, parseDate, toDayNumber, writeDay } from './civil.ts';
import { localDay } from './time-of-day.ts';
import { firstInstant } from './zone.ts';

/** What a value says of time, before one knows by whose clock. */
export type Moment =
  | { readonly kind: 'date'; readonly year: number; readonly month: number; readonly day: number }
  /** `--MM-DD`: every year's. */
  | { readonly kind: 'yearless'; readonly month: number; readonly day: number }
  /** Milliseconds since 1970-01-01T00:00 on a clock whose zone is not told. */
  | { readonly kind: 'local'; readonly local: number }
  | { readonly kind: 'instant'; readonly at: Instant };

/** What is said to people whose value `readMoment` cannot read. */
export const MOMENT_FORMS =
  'write a date such as 2026-03-01, a local time such as 2026-03-01T08:00, an instant such as 2026-03-01T08:00:00Z, or seconds or milliseconds since 1970';

/** Epoch numbers below this are seconds (until the year 5138), above it milliseconds (from 1973 on). */
const FIRST_MILLISECONDS = 1e11;
const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?$/i;
/** What SQL and many languages write: a space instead of the `T`, an offset without its minutes. */
const LOOSE_INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * The one reading of dates and times in values that anybody sends or writes (rule T9): a calendar date, `--MM-DD`, a
 * local date and time, an instant with its offset, and seconds or milliseconds since 1970 as a number or its digits.
 * Null for whatever is none of these, days and times that do not exist included: it is never read as another date.
 */
export function readMoment(value: unknown): Moment | null {
  if (typeof value === 'number') return ofEpoch(value);
  if (typeof value !== 'string') return null;
  const date = parseDate(value);
  if (date !== null) {
    const { year, month, day } = date;
    return year === null ? { kind: 'yearless', month, day } : { kind: 'date', year, month, day };
  }
  const instant = LOOSE_INSTANT.exec(value);
  if (instant !== null) {
    const [, day, time, offset] = instant as unknown as [string, string, string, string];
    const at = parseInstant(`${day}T${time}${/^[+-]\d{2}$/.test(offset) ? `${offset}:00` : offset}`);
    return Number.isNaN(at) ? null : { kind: 'instant', at };
  }
  const local = LOCAL.exec(value);
  if (local !== null) {
    const day = parseDate(local[1]!);
    if (day === null || day.year === null) return null;
    const [hour, minute, second] = [Number(local[2]), Number(local[3]), Number(local[4] ?? 0)];
    const ms = Number((local[5] ?? '').padEnd(3, '0').slice(0, 3));
    const time = hour * HOUR + minute * MINUTE + second * 1000 + ms;
    return { kind: 'local', local: toDayNumber(day.year, day.month, day.day) * DAY + time };
  }
  return /^-?\d{1,15}$/.test(value) ? ofEpoch(Number(value)) : null;
}

/** Years 0001 to 9999, which both JSON's ISO form and PostgreSQL write with four digits. */
const [EARLIEST, LATEST] = [-62_135_596_800_000, 253_402_300_799_999];

/** Nearer to 1970 than twelve days nothing is: such a number counts something, or is a year. */
const SMALLEST = 1_000_000;

function ofEpoch(number: number): Moment | null {
  if (Math.abs(number) < SMALLEST || isWrittenDate(number)) return null;
  const at = Math.round(Math.abs(number) < FIRST_MILLISECONDS ? number * 1000 : number);
  return at >= EARLIEST && at <= LATEST ? { kind: 'instant', at } : null;
}

/** 20260301 is a date without its hyphens: as seconds it would be some evening of 1970. */
function isWrittenDate(number: number): boolean {
  if (!Number.isInteger(number) || number < 10_000_101 || number > 99_991_231) return false;
  const [month, day] = [Math.floor(number / 100) % 100, number % 100];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/**
 * The instant a moment stands for by the clock of a zone: the first of a date, and of a local time as `firstInstant`
 * says. Null for a date without its year.
 */
export function instantOf(moment: Moment, zone: string): Instant | null {
  switch (moment.kind) {
    case 'yearless':
      return null;
    case 'date':
      return firstInstant(toDayNumber(moment.year, moment.month, moment.day) * DAY, zone);
    case 'local':
      return firstInstant(moment.local, zone);
    case 'instant':
      return moment.at;
  }
}

/** The calendar date a moment stands for, `YYYY-MM-DD` or `--MM-DD`: an instant has that of the zone (rule T9). */
export function dateOf(moment: Moment, zone: string): string {
  switch (moment.kind) {
    case 'yearless':
      return `--${writeDay(toDayNumber(2000, moment.month, moment.day)).slice(5)}`;
    case 'date':
      return writeDay(toDayNumber(moment.year, moment.month, moment.day));
    case 'local':
      return writeDay(Math.floor(moment.local / DAY));
    case 'instant':
      return writeDay(localDay(moment.at, zone));
  }
}
