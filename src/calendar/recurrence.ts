// Node finds only the default export of this CommonJS package.
import rrule from 'rrule';
import { formatInstant, type Instant } from '../shared/clock.ts';
import { DAY, dayOf, HOUR, MINUTE } from './civil.ts';
import { remember } from './remember.ts';
import type { TimeOfDay } from './time-of-day.ts';
import { firstInstant, localMs } from './zone.ts';

const list = (item: string): string => `${item}(,${item})*`;
const WEEKDAY = '(MO|TU|WE|TH|FR|SA|SU)';
/** What a rule may say: days and above. The time of day is written beside it, and the start too. */
const PARTS = new RegExp(
  `^(${[
    'FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)',
    'INTERVAL=[1-9]\\d{0,3}',
    'COUNT=[1-9]\\d{0,4}',
    'UNTIL=\\d{8}(T\\d{6}Z?)?',
    `WKST=${WEEKDAY}`,
    `BYDAY=${list(`([+-]?[1-9]\\d?)?${WEEKDAY}`)}`,
    `BYMONTH=${list('([1-9]|1[0-2])')}`,
    `BYMONTHDAY=${list('-?([1-9]|[12]\\d|3[01])')}`,
    `BYWEEKNO=${list('-?([1-9]|[1-4]\\d|5[0-3])')}`,
    `(BYYEARDAY|BYSETPOS)=${list('-?[1-9]\\d{0,2}')}`,
  ].join('|')})$`,
);
const AHEAD = 730 * DAY;
/** `2MO`, the second Monday, has a meaning only within a month or a year. */
const NUMBERED_DAY = /BYDAY=[^;]*\d/;

/** Where a recurrence ends: a time of every local clock, or one instant for all of them; both included (RFC 5545, 3.3.10). */
type End = { local: number } | { instant: Instant };

/** No clock is, or ever was, further from UTC than this. */
const WIDEST_OFFSET = 16 * HOUR;

/**
 * Reads the value of UNTIL: a date, whose whole day still counts; a local date and time; or with `Z` an instant. Null
 * for a day or a time that does not exist.
 */
function parseEnd(text: string): End | null {
  const [, year, month, date, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(text) ?? [];
  const day = dayOf(`${year}-${month}-${date}`);
  if (day === null) return null;
  if (hour === undefined) return { local: (day + 1) * DAY - 1 };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const at = day * DAY + Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * 1000;
  return text.endsWith('Z') ? { instant: at } : { local: at };
}

/** The local times of a recurrence (RFC 5545), computed as far as they are asked for. */
export class Recurrence {
  /** What is later does not belong to it, whatever a local clock shows; infinity where no instant is named. */
  readonly until: Instant;
  private readonly rule: InstanceType<typeof rrule.RRule>;
  private readonly firstLocal: number;
  /** Milliseconds since 1970-01-01T00:00 on a local clock. */
  private readonly known: number[] = [];
  private ended = false;

  /** `rule` without its UNTIL, which is `end`. */
  constructor(rule: string, firstLocal: number, end: End | null) {
    this.firstLocal = firstLocal;
    this.until = end !== null && 'instant' in end ? end.instant : Number.POSITIVE_INFINITY;
    const last = end === null ? null : 'local' in end ? end.local : end.instant + WIDEST_OFFSET;
    // The library's zones are unsafe; in UTC, without a zone, its dates are plain local times.
    const options = { ...rrule.RRule.parseString(rule), dtstart: new Date(firstLocal) };
    this.rule = new rrule.RRule(last === null ? options : { ...options, until: new Date(last) }, true);
  }

  /** The local times from `local` on, in order. */
  *from(local: number): Generator<number> {
    this.extendTo(local);
    let low = 0;
    let high = this.known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.known[middle]! < local) low = middle + 1;
      else high = middle;
    }
    for (let index = low; ; index++) {
      if (index === this.known.length) this.extendTo((this.known.at(-1) ?? local) + 1);
      const next = this.known[index];
      if (next === undefined) return;
      yield next;
    }
  }

  /** Computes until a time at or after `local` is known, and some beyond: the library begins at the start each time. */
  private extendTo(local: number): void {
    let last = this.known.at(-1);
    while (!this.ended && (last === undefined || last < local)) {
      const next = this.rule.after(new Date(last ?? this.firstLocal), last === undefined);
      if (next === null) {
        this.ended = true;
        return;
      }
      const until = Math.max(next.getTime(), local) + AHEAD;
      for (const date of this.rule.between(next, new Date(until), true)) this.known.push(date.getTime());
      last = this.known.at(-1);
    }
  }
}

const parse = remember(1024, (key: string): Recurrence | null => {
  const [text = '', first = ''] = key.split('\n');
  const parts = text.split(';');
  const names = parts.map((part) => part.split('=')[0]);
  const sound =
    parts.every((part) => PARTS.test(part)) && new Set(names).size === names.length && names.includes('FREQ');
  if (NUMBERED_DAY.test(text) && !/FREQ=(MONTHLY|YEARLY)/.test(text)) return null;
  if (!sound) return null;
  const until = parts.find((part) => part.startsWith('UNTIL='));
  const end = until === undefined ? null : parseEnd(until.slice('UNTIL='.length));
  if (until !== undefined && end === null) return null;
  return new Recurrence(parts.filter((part) => part !== until).join(';'), Number(first), end);
});

/**
 * Reads the rule of a recurrence, `FREQ=MONTHLY;BYMONTHDAY=1`: daily or slower, without times of day and without
 * DTSTART. Its first day is `start` (`YYYY-MM-DD`) when that fits, and intervals are counted from it. The day, the
 * local time or the instant (with `Z`) that UNTIL names is the last one, and counts. Null when malformed.
 */
export function parseRecurrence(rule: string, start: string, at: TimeOfDay): Recurrence | null {
  const day = dayOf(start);
  if (day === null) return null;
  const first = day * DAY + at.hour * HOUR + at.minute * MINUTE;
  const text = rule.trim().toUpperCase();
  return parse(`${text.startsWith('RRULE:') ? text.slice(6) : text}\n${first}`);
}

/** One time at which a recurrence falls due. */
export interface RecurrenceTime {
  at: Instant;
  /** The local date it is written for, `YYYY-MM-DD`: the same wherever the clock hangs. */
  date: string;
}

/** The instants at or after `after` of a recurrence, in order; as in `nextRecurrence`. */
export function* recurrences(recurrence: Recurrence, after: Instant, zone: string): Generator<RecurrenceTime> {
  // A local time may be shown twice, or skipped to a later instant: begin a day below.
  for (const local of recurrence.from(localMs(after, zone) - DAY)) {
    const at = firstInstant(local, zone);
    if (at > recurrence.until) return;
    if (at >= after) yield { at, date: formatInstant(local).slice(0, 10) };
  }
}

/** Where each day begins first: a recurrence that is over there is over everywhere a day later. */
const FIRST_ZONE = 'Pacific/Kiritimati';

/** The first instant at or after `after` at which a recurrence falls due anywhere. Null when it has ended everywhere. */
export const nextAnywhere = (recurrence: Recurrence, after: Instant): Instant | null =>
  nextRecurrence(recurrence, after, FIRST_ZONE);

/** The first instant at or after `after` of a recurrence, which keeps its local time across clock changes (rule T7). Null when it has ended. */
export function nextRecurrence(recurrence: Recurrence, after: Instant, zone: string): Instant | null {
  for (const { at } of recurrences(recurrence, after, zone)) return at;
  return null;
}
