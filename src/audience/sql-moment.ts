import { atTime, instantOf, localDay, nextTurn, readMoment } from '../calendar/index.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import { exact, NEVER, some, type Answer } from './sql-answer.ts';
import { isAfter, isBefore, type Sheet } from './sql-sheet.ts';
import { textOf } from './sql-value.ts';

const DAY = 86_400_000;
const MIDNIGHT = { hour: 0, minute: 0 };
/** Days of the years 0 to 9999, those of dates with four digits. */
const [FIRST_DAY, LAST_DAY] = [-719_528, 2_932_896];

const CALENDAR_DAY =
  '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))';
const DATE = `'^[0-9]{4}-${CALENDAR_DAY}$'`;
const INSTANT = `'^(?!0000)[0-9]{4}-${CALENDAR_DAY}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,3})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$'`;
/** With which every date and time begins that `readMoment` reads in a text, or of which it consists: digits. */
const BEGINNING = `'^([0-9]{4}-[0-9]{2}-[0-9]{2}|-?[0-9]{1,15}$)'`;
/** Seconds since 1970 from 1973 to 2096, and milliseconds from 1973 to 5138, that are whole and no dates without hyphens. */
const isSeconds = (number: string): string => `${number} BETWEEN 100000000 AND 4000000000`;
const isMs = (number: string): string => `${number} BETWEEN 100000000000 AND 99999999999999`;

/** What conditions ask of a date or an instant in a text. */
interface MomentSql {
  precedes(bound: string): Answer;
  follows(bound: string): Answer;
  /** Whether it is a date or an instant at all. */
  isThere: Answer;
  /** Whether at least so many local days have begun since. */
  isDaysAgo(least: number): Answer;
}

/**
 * Reads a value as `readMoment` does. Dates are compared as texts with the day on which the bound lies in the contact's
 * zone; instants as such, whole numbers of seconds and milliseconds since 1970 too. The 29th of February, local times,
 * and what is written in ways that only JavaScript reads, or refuses, is left to it.
 */
export function momentSql(json: string, sheet: Sheet): MomentSql {
  const text = textOf(json);
  const number = `(CASE jsonb_typeof(${json}) WHEN 'number' THEN (${json})::numeric END)`;
  const isWhole = `COALESCE(${number} = trunc(${number}) AND (${isSeconds(number)} OR ${isMs(number)}), FALSE)`;
  const odd = `(CASE jsonb_typeof(${json}) WHEN 'number' THEN NOT ${isWhole}
    ELSE COALESCE(${text} ~ ${BEGINNING} AND ${text} !~ ${DATE} AND ${text} !~ ${INSTANT}, FALSE) END)`;
  const either = (date: string, instant: (at: string) => string): string =>
    `(CASE WHEN ${text} ~ ${DATE} THEN ${date} WHEN ${text} ~ ${INSTANT} THEN ${instant(`(${text})::timestamptz`)}
      WHEN ${isWhole} THEN ${instant(`to_timestamp(CASE WHEN ${isSeconds(number)} THEN ${number} ELSE ${number} / 1000 END)`)} ELSE FALSE END)`;
  const read = (date: string, instant: (at: string) => string): Answer => orOdd(exact(either(date, instant)), odd);
  const date = `${text} COLLATE "C"`;
  return {
    isThere: read('TRUE', () => 'TRUE'),
    precedes: (bound) => {
      const at = boundSql(bound, sheet);
      if (at === null) return NEVER;
      const day = sheet.perZone(`from ${bound}`, 'text', (zone) =>
        firstDay(localDay(at.of(zone), zone) - 2, (begin) => begin >= at.of(zone), zone),
      );
      return read(`${date} < ${day}`, (instant) => isBefore(instant, at.sql));
    },
    follows: (bound) => {
      const at = boundSql(bound, sheet);
      if (at === null) return NEVER;
      const day = sheet.perZone(`after ${bound}`, 'text', (zone) =>
        firstDay(localDay(at.of(zone), zone) - 2, (begin) => begin > at.of(zone), zone),
      );
      return read(`${date} >= ${day}`, (instant) => isAfter(instant, at.sql));
    },
    isDaysAgo: (least) => {
      const ends = (zone: string): DayEnd => dayEnd(localDay(sheet.asked.now, zone) - least, zone);
      const day = sheet.perZone(`day ${least} ago`, 'text', (zone) => ends(zone).day);
      const from = sheet.perZone(`begin ${least} ago`, 'float8', (zone) => ends(zone).from);
      const sure = read(`${date} < ${day}`, (instant) => isBefore(instant, from));
      if (sheet.zones.every((zone) => ends(zone).from === ends(zone).until)) return sure;
      const until = sheet.perZone(`end ${least} ago`, 'float8', (zone) => ends(zone).until);
      const twice = either('FALSE', (instant) => `NOT ${isBefore(instant, from)} AND ${isBefore(instant, until)}`);
      return orOdd(sure, twice);
    },
  };
}

/** Where `odd` is true, `answer` is not, and nothing is known. */
const orOdd = ({ may, must }: Answer, odd: string): Answer => ({ may: some([exact(may), exact(odd)]).may, must });

function boundSql(bound: string, sheet: Sheet): { sql: string; of: (zone: string) => Instant } | null {
  const moment = readMoment(bound);
  if (moment === null || moment.kind === 'yearless') return null;
  if (moment.kind === 'instant') return { sql: sheet.bind(moment.at, 'float8'), of: () => moment.at };
  const of = (zone: string): Instant => instantOf(moment, zone)!;
  return { sql: sheet.perZone(`begin ${bound}`, 'float8', of), of };
}

/** The first day, from one that is none, of whose beginning in a zone something holds. Days begin in their order. */
function firstDay(from: number, holds: (begin: Instant) => boolean, zone: string): string {
  let day = from;
  while (!holds(atTime(day, MIDNIGHT, zone))) day += 1;
  return dayText(day);
}

/** As a text to compare dates with: before all of them, a date, or after all of them. */
function dayText(day: number): string {
  if (day < FIRST_DAY) return '';
  return day > LAST_DAY ? '~' : formatInstant(day * DAY).slice(0, 10);
}

interface DayEnd {
  /** The first date whose beginning lies after the day. */
  day: string;
  /** Before this no clock has shown a later day; from `until` on none shows this one or an earlier one. */
  from: Instant;
  until: Instant;
}

/** Where a local day ends in a zone: twice, where clocks are turned back over midnight. */
function dayEnd(day: number, zone: string): DayEnd {
  // Whatever can be read lies within these, and a day more for zones.
  if (day > LAST_DAY + 1) return { day: '~', from: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  if (day < FIRST_DAY - 2) return { day: '', from: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY };
  const from = atTime(day + 1, MIDNIGHT, zone);
  let until = from;
  for (let start = from; start < from + 2 * DAY;) {
    const end = nextTurn(start, zone);
    if (localDay(start, zone) <= day) until = end;
    start = end;
  }
  return { day: firstDay(day - 2, (begin) => localDay(begin, zone) > day, zone), from, until };
}
