import { daysInMonth, parseDate } from './civil.ts';

/** A day that a rule names and some of its months lack. */
export interface MissedDay {
  /** As BYMONTHDAY has it: 29 to 31, or -29 to -31, counted from the end. */
  readonly day: number;
  /** The months without it, 1 to 12; February counts where only leap years have the day. */
  readonly months: readonly number[];
  /** Whether the day is that of the start, because the rule names none. */
  readonly ofStart: boolean;
}

/** Every month has so many days. */
const SURE = 28;
/** What chooses among days is meant to leave some out: Friday the 13th, the last of 28 to 31. */
const CHOOSES = ['BYDAY', 'BYWEEKNO', 'BYYEARDAY', 'BYSETPOS'];

/**
 * The days of a sound rule (`parseRecurrence`) on which nothing happens in some of the months that it is for, since they
 * are shorter: RFC 5545 leaves such a month out. `start` is its first day, `YYYY-MM-DD`.
 */
export function missedDays(rule: string, start: string): MissedDay[] {
  const text = rule
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '');
  const parts = new Map(text.split(';').map((part) => part.split('=') as [string, string]));
  const first = parseDate(start);
  if (first === null || CHOOSES.some((name) => parts.has(name))) return [];
  const frequency = parts.get('FREQ');
  const written = numbers(parts.get('BYMONTHDAY'));
  if (written === undefined && frequency !== 'MONTHLY' && frequency !== 'YEARLY') return [];
  const months =
    numbers(parts.get('BYMONTH')) ?? monthsOf(frequency, Number(parts.get('INTERVAL') ?? 1), first.month, written);
  return (written ?? [first.day])
    .filter((day) => Math.abs(day) > SURE)
    .map((day) => ({
      day,
      months: months.filter((month) => Math.abs(day) > daysInMonth(COMMON_YEAR, month)),
      ofStart: written === undefined,
    }))
    .filter((missed) => missed.months.length > 0);
}

const COMMON_YEAR = 2025;
const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function monthsOf(
  frequency: string | undefined,
  interval: number,
  month: number,
  days: number[] | undefined,
): number[] {
  if (frequency === 'YEARLY' && days === undefined) return [month];
  if (frequency !== 'MONTHLY') return ALL;
  const reached = new Set(ALL.map((_, index) => ((month - 1 + index * interval) % 12) + 1));
  return ALL.filter((one) => reached.has(one));
}

const numbers = (list: string | undefined): number[] | undefined => list?.split(',').map(Number);
