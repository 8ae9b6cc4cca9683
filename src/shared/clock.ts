/** An instant: whole milliseconds since 1970-01-01T00:00:00Z. The only form of time inside the program. */
export type Instant = number;

/** Where shells read the time. Pure code never holds one: it takes `now` as an argument. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Reads an RFC 3339 instant such as `2026-03-01T08:00:00Z`; NaN when the text is not one. */
export function parseInstant(text: string): Instant {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i.test(text)
    ? Date.parse(text)
    : Number.NaN;
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
