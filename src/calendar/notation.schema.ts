import { clipped } from '../shared/shown.ts';
import { notation, unquoted, type FindSlip, type Slip } from '../shared/notation.ts';
import { durationMs, isTooLong, parseDuration } from './duration.ts';
import { parseTimeOfDay } from './time-of-day.ts';
import { parseWeeklyWindow } from './weekly-window.ts';

/* How durations, times of day and weekly windows are written, and what to say of the commonest slips. */

const DURATIONS = 'write one unit, such as 10m, 4h, 3d, 2w, 6mo or 1y, or ISO 8601, such as P1DT2H';

/** Units as people write them out, by the short form. */
const UNITS: readonly (readonly [string, RegExp])[] = [
  ['m', /^(?:mins?|minutes?|mn)$/],
  ['h', /^(?:hrs?|hours?|heures?)$/],
  ['d', /^(?:days?|j|jours?)$/],
  ['w', /^(?:wks?|weeks?|semaines?)$/],
  ['mo', /^(?:mth|months?|mois)$/],
  ['y', /^(?:yrs?|years?|ans?)$/],
];

/** `2 days` as `2d`, `1.5h` as `90m`, `30s` as `PT30S`; undefined when it cannot be told what was meant. */
function meantDuration(written: string): string | undefined {
  const match = /^(-?)(\d{1,6})(?:[.,](\d{1,3}))?\s*([a-zA-Z]+)$/.exec(unquoted(written));
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction, word = ''] = match;
  const name = word.toLowerCase();
  if (/^s(?:ec(?:ond)?s?)?$/.test(name)) return fraction === undefined ? `${sign}PT${whole}S` : undefined;
  const short = UNITS.find(([unit, words]) => unit === name || words.test(name))?.[0];
  if (short === undefined) return undefined;
  if (fraction === undefined) return `${sign}${whole}${short}`;
  const smaller: readonly [string, number] | undefined = (
    { h: ['m', 60], d: ['h', 24], w: ['d', 7], y: ['mo', 12] } as Readonly<Record<string, readonly [string, number]>>
  )[short];
  if (smaller === undefined) return undefined;
  const count = Number(`${whole}.${fraction}`) * smaller[1];
  return Number.isInteger(count) ? `${sign}${count}${smaller[0]}` : undefined;
}

const wrongDuration = (message: string, hint: string): Slip => ({ code: 'wrong-duration', message, hint });

function durationSlip(written: string): Slip | undefined {
  if (parseDuration(written) !== null) return undefined;
  if (isTooLong(written)) return wrongDuration('too long a duration', 'write at most 1000y');
  const text = unquoted(written);
  if (/^-?\d{1,6}$/.test(text))
    return wrongDuration(
      'a duration without a unit',
      `write ${text}d for days, ${text}h for hours or ${text}m for minutes`,
    );
  const meant = meantDuration(text);
  if (meant !== undefined && parseDuration(meant) !== null) return wrongDuration('not a duration', `write ${meant}`);
  return wrongDuration('not a duration', DURATIONS);
}

/** Of a duration that has to be longer than nothing. */
function spanSlip(written: string): Slip | undefined {
  const slip = durationSlip(written);
  if (slip !== undefined) return slip;
  return durationMs(parseDuration(written)!) > 0
    ? undefined
    : wrongDuration('a duration here must be longer than nothing', 'write, for instance, 1h or 3d');
}

const pad = (number: number): string => String(number).padStart(2, '0');

/** `9:00`, `0900`, `9h30`, `9 am` as `09:00`, …; undefined when it is no time of day. */
function meantTime(written: string): string | undefined {
  const text = unquoted(written).toLowerCase();
  const match =
    /^(\d{1,2})(?:\s*[:.h]\s*(\d{2})?)?(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?$/.exec(text) ??
    /^(\d{1,2})(\d{2})()$/.exec(text);
  if (match === null) return undefined;
  const half = match[3]?.replaceAll('.', '');
  const hour =
    half === undefined || half === '' ? Number(match[1]) : (Number(match[1]) % 12) + (half === 'pm' ? 12 : 0);
  const meant = `${pad(hour)}:${match[2] ?? '00'}`;
  return parseTimeOfDay(meant) === null ? undefined : meant;
}

function timeSlip(written: string): Slip | undefined {
  if (parseTimeOfDay(written) !== null) return undefined;
  const meant = meantTime(written);
  const late = /^24[:.h]?00$/.test(unquoted(written));
  const hint = late
    ? 'a day ends at "23:59", and the next begins at "00:00"'
    : meant === undefined
      ? 'write hours and minutes in quotes, such as "09:00"'
      : `write "${meant}", in quotes`;
  return { code: 'wrong-time', message: 'not a time of day', hint };
}

function windowSlip(written: string): Slip | undefined {
  if (parseWeeklyWindow(written) !== null) return undefined;
  const hint = 'write days and hours, such as "Mon-Fri 09:00-19:00"';
  const text = unquoted(written);
  if (/^\w{3,}(?:\s*[-,]\s*\w{3,})*$/.test(text) && parseWeeklyWindow(`${text} 09:00-19:00`) !== null)
    return { code: 'wrong-window', message: 'days without hours', hint: `write "${clipped(text)} 09:00-19:00"` };
  if (/^\d{2}:\d{2}-\d{2}:\d{2}$/.test(text) && parseWeeklyWindow(`Mon-Sun ${text}`) !== null)
    return { code: 'wrong-window', message: 'hours without days', hint: `write "Mon-Sun ${text}"` };
  return { code: 'wrong-window', message: 'not a weekly window', hint };
}

/** A duration that may be negative: `-7d` is a week before. */
export const offsetText = notation(durationSlip);

/** A duration longer than nothing. */
export const spanText = notation(spanSlip);

/** The same, of at least so many milliseconds: `example` is one that is long enough, `why` says what for. */
export function longSpanText(least: number, example: string, why = ''): ReturnType<typeof notation> {
  const slip: FindSlip = (written) =>
    durationSlip(written) ??
    (durationMs(parseDuration(written)!) >= least
      ? undefined
      : wrongDuration(`too short${why}`, `write at least ${example}`));
  return notation(slip);
}

/** `HH:MM`. */
export const timeOfDayText = notation(timeSlip);

/** `Mon-Fri 09:00-19:00`. */
export const weeklyWindowText = notation(windowSlip);
