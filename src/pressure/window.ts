import type { CALENDAR_UNITS } from './rule.schema.ts';

/** A compiled window. A gap is a rolling window with room for one (rule P10). */
export type Window =
  | { kind: 'rolling'; length: number }
  | { kind: 'calendar'; unit: (typeof CALENDAR_UNITS)[number]; weekStart: 'monday' | 'sunday' }
  | { kind: 'lifetime' };

const DAY = 86_400_000;

/** Longer than any such period, also when it holds a 25-hour day. */
const LONGEST_PERIOD = { day: 2 * DAY, week: 8 * DAY, month: 32 * DAY, quarter: 93 * DAY, year: 367 * DAY };

/** How far back, in milliseconds, a window can count; Infinity for a lifetime. */
export function windowLength(window: Window): number {
  switch (window.kind) {
    case 'rolling':
      return window.length;
    case 'calendar':
      return LONGEST_PERIOD[window.unit];
    case 'lifetime':
      return Infinity;
  }
}
