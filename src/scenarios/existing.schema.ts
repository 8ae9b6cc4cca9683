import { z } from 'zod';

const DAY = 86_400_000;

/**
 * What becomes of those whose idle period had run out before an inactivity trigger was published, or before they were
 * imported: they enter at once, are left out until their next idle period, or enter so many a day.
 */
export const existingSchema = z.union([
  z.enum(['enter', 'skip']),
  z.strictObject({
    spread: z
      .string()
      .regex(/^[1-9]\d{0,8}\/d$/, { error: 'not a number a day' })
      .meta({ hint: 'write how many enter a day, such as 500/d' }),
  }),
]);

export type Existing = z.output<typeof existingSchema>;

/** How many enter a day; null where nothing is spread. */
export function spreadOf(existing: Existing): number | null {
  return typeof existing === 'string' ? null : Number(existing.spread.slice(0, -'/d'.length));
}

/** When the turn of whoever stands at a place of the line comes, from 0; the line begins at `since`. A day is 24 hours. */
export function turnAt(since: number, place: number, perDay: number): number {
  return since + Math.floor(place / perDay) * DAY;
}

/** The first free place of a line, which lets nobody in twice on what is left of today: those of past days are gone. */
export function firstFree(since: number, taken: number, perDay: number, now: number): number {
  return Math.max(taken, Math.floor((now - since) / DAY) * perDay);
}

/** The line of those who are lined up anew at a publication: it begins with what is left of the day under way. */
export function lineAnew(
  line: { since: number; taken: number },
  perDay: number,
  now: number,
): { since: number; taken: number } {
  const days = Math.max(0, Math.floor((now - line.since) / DAY));
  const ofToday = line.taken - days * perDay;
  return { since: line.since + days * DAY, taken: Math.min(Math.max(ofToday, 0), perDay) };
}
