/** An instant: whole milliseconds since 1970-01-01T00:00:00Z. The only form of time inside the program. */
export type Instant = number;

/** Where shells read the time. Pure code never holds one: it takes `now` as an argument. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:Z|([+-]\d{2}):?(\d{2}))$/i;

/**
 * Reads an RFC 3339 instant such as `2026-03-01T08:00:00Z`; NaN when the text is not one. The engine's own reader makes
 * 3 March of 31 February and the next day of 24:00: such days and times are none here (rule T9).
 */
export function parseInstant(text: string): Instant {
  const match = INSTANT.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset, minutes] = match as string[];
  if (Number(day) > lastDay(Number(year), Number(month)) || hour! > '23') return Number.NaN;
  const zone = offset === undefined ? 'Z' : `${offset}:${minutes!}`;
  return Date.parse(`${year!}-${month!}-${day!}T${hour!}:${minute!}:${second}${fraction}${zone}`);
}

function lastDay(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Writes an instant as RFC 3339 in UTC with milliseconds. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** The first day (UTC) of the instant's month, `YYYY-MM-01`: the partition key of the tables that grow for ever. */
export function monthOf(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 7)}-01`;
}

/** A virtual clock for tests and rehearsal: it moves only when told to, and never backwards. */
export class VirtualClock implements Clock {
  private instant: Instant;

  constructor(start: Instant) {
    this.instant = start;
  }

  now(): Instant {
    return this.instant;
  }

  moveTo(instant: Instant): void {
    if (instant > this.instant) this.instant = instant;
  }
}
