// The platform's own clock (Intl.DateTimeFormat), as a second opinion on zones: slow, and shares no code with src/calendar.
import fc from 'fast-check';

/** Zones with every kind of clock change: early, late, at midnight, by half an hour, around Ramadan, and none. */
export const ZONES = [
  'Europe/Paris',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'America/Nuuk',
  'America/Santiago',
  'America/Havana',
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Local time as the platform prints it, in milliseconds since 1970-01-01T00:00 on the local clock. */
export function icuLocal(at: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const seconds = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return seconds + (at - Math.floor(at / 1000) * 1000);
}

export const icuOffset = (at: number, zone: string): number => icuLocal(at, zone) - at;

/** Every clock change of a zone in a span of time, to the millisecond. */
export function clockChanges(
  zone: string,
  from: number,
  until: number,
): { at: number; before: number; after: number }[] {
  const changes: { at: number; before: number; after: number }[] = [];
  const step = 24 * 3_600_000;
  let before = icuOffset(from, zone);
  for (let high = from + step; high <= until; high += step) {
    const after = icuOffset(high, zone);
    if (after === before) continue;
    let [low, top] = [high - step, high];
    while (top - low > 1) {
      const middle = Math.floor((low + top) / 2);
      if (icuOffset(middle, zone) === before) low = middle;
      else top = middle;
    }
    changes.push({ at: top, before, after });
    before = after;
  }
  return changes;
}

/** 2024 to 2030. */
export const FROM = Date.UTC(2024, 0, 1);
export const UNTIL = Date.UTC(2031, 0, 1);

export const aZone = fc.constantFrom(...ZONES);
export const anInstant = fc.integer({ min: FROM, max: UNTIL });

const changesOf = new Map(ZONES.map((zone) => [zone, clockChanges(zone, FROM, UNTIL)]));
export const changesIn = (zone: string): { at: number; before: number; after: number }[] => changesOf.get(zone)!;

/** A zone and an instant that half of the time lies within a day and a half of a clock change. */
export const aZonedInstant = fc.oneof(
  fc.record({ zone: aZone, at: anInstant }),
  fc
    .record({
      zone: fc.constantFrom(...ZONES.filter((zone) => changesIn(zone).length > 0)),
      pick: fc.nat(),
      away: fc.integer({ min: -36 * 3_600_000, max: 36 * 3_600_000 }),
    })
    .map(({ zone, pick, away }) => ({ zone, at: changesIn(zone)[pick % changesIn(zone).length]!.at + away })),
);

/** An instant written with its offset, to read in tables. */
export const instant = (text: string): number => Date.parse(text);
export const shown = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
