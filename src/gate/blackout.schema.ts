import { z } from 'zod';
import { parseDate } from '../calendar/index.ts';
import { CHANNELS } from '../shared/channel.ts';
import { countrySchema } from './country.schema.ts';

/** A day of a year: `2026-12-24`. */
export const dateSchema = z.string().refine((text) => (parseDate(text)?.year ?? null) !== null, {
  error: 'must be a date, such as `2026-12-24`',
});

/** Days on which nothing is handed over: first and last, by the contact's calendar, both included. What is left out means all. */
export const blackoutSchema = z
  .strictObject({
    from: dateSchema,
    to: dateSchema,
    channels: z.array(z.enum(CHANNELS)).min(1).optional(),
    categories: z.array(z.string()).min(1).optional(),
    /** ISO 3166-1 alpha-2, of the contact, else of the policy. */
    countries: z.array(countrySchema).min(1).optional(),
    /** Why, in words that explain a held message: `stock taking`. */
    reason: z.string().trim().min(1),
  })
  .refine(({ from, to }) => from <= to, { error: 'is before `from`', path: ['to'] });

export type Blackout = z.output<typeof blackoutSchema>;
