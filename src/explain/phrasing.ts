import { parseDuration } from '../calendar/index.ts';
import type { Felt } from '../gate/index.ts';
import type { WrittenRule } from './told.ts';

/** A length of time by its parts, largest first, zero ones left out. */
export function durationParts(
  text: string,
): { unit: 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute'; count: number }[] {
  const { months, days, ms } = parseDuration(text) ?? { months: 0, days: 0, ms: 0 };
  const weeks = days % 7 === 0 && days >= 14 ? days / 7 : 0;
  const minutes = Math.round(ms / 60_000);
  const parts = [
    { unit: 'year' as const, count: Math.floor(months / 12) },
    { unit: 'month' as const, count: months % 12 },
    { unit: 'week' as const, count: weeks },
    { unit: 'day' as const, count: weeks > 0 ? 0 : days },
    { unit: 'hour' as const, count: Math.floor(minutes / 60) },
    { unit: 'minute' as const, count: minutes % 60 },
  ];
  return parts.filter(({ count }) => count !== 0);
}

/** `Mon-Sat 08:00-20:00` by its parts; days as 1 Monday to 7 Sunday, a range by its ends, null for every day. */
export function hoursParts(text: string): { days: (readonly [number, number])[] | null; from: string; until: string } {
  const [, days = '', from = '', until = ''] = /^\s*(.+?)\s+(\d\d:\d\d)\s*-\s*(\d\d:\d\d)\s*$/.exec(text) ?? [];
  const ranges = days.split(',').map((part) => {
    const [first = 1, last] = part.split('-').map((day) => WEEKDAYS.indexOf(day.trim().slice(0, 3).toLowerCase()) + 1);
    return [first, last ?? first] as const;
  });
  const [only] = ranges;
  const everyDay = ranges.length === 1 && only !== undefined && only[0] !== only[1] && (only[1] % 7) + 1 === only[0];
  return { days: everyDay ? null : ranges, from, until };
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Weekday, day and year, and the hour, by a zone's clock; seconds only when there are any. */
export function instantParts(at: number, zone: string, locale: string): { day: string; time: string } {
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(at);
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(at % 60_000 === 0 ? {} : { second: '2-digit' as const }),
  }).format(at);
  return { day: day.replaceAll(',', ''), time };
}

/** All maxima that a rule may have, smallest first. */
export function amountsOf({ max = 1 }: WrittenRule): number[] {
  if (typeof max === 'number') return [max];
  const all = max.map((entry) => ('otherwise' in entry ? entry.otherwise : entry.max));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** A list with a word before its last: `a, b and c`. */
export function listed(items: readonly string[], and: string): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`;
}

/** The reactions that weigh most, oldest first: as many as a sentence holds. */
export function heaviest(felt: readonly Felt[]): Felt[] {
  return felt
    .toSorted((a, b) => b.felt - a.felt)
    .slice(0, 3)
    .sort((a, b) => a.at - b.at);
}
