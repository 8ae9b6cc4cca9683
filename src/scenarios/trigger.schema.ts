import { z } from 'zod';
import { conditionSchema } from '../audience/index.ts';
import { duration, name, offset, timeOfDay } from './notation.schema.ts';

/** What lets a contact in. */
const eventTrigger = z
  .strictObject({ event: name, where: conditionSchema.optional() })
  .transform((trigger) => ({ kind: 'event' as const, ...trigger }));

/** A date the contact carries; once per contact and occurrence year (rule T5). */
const dateTrigger = z
  .strictObject({
    date: name,
    offset: offset.optional(),
    at: timeOfDay,
    yearly: z.boolean().default(false),
    feb29: z.enum(['feb28', 'mar1']).default('feb28'),
  })
  .transform((trigger) => ({ kind: 'date' as const, ...trigger }));

/** Nothing heard for a time; once an idle period (rule T8). */
const inactivityTrigger = z
  .strictObject({
    inactivity: duration,
    activity: z.array(name).min(1, { error: 'names no event that counts as activity' }),
    at: timeOfDay.optional(),
    neverActive: z.boolean().default(true),
  })
  .transform((trigger) => ({ kind: 'inactivity' as const, ...trigger }));

/** Entered by the API or the console alone. */
const manualTrigger = z.strictObject({ manual: z.literal(true) }).transform(() => ({ kind: 'manual' as const }));

export const triggerSchema = z.union([eventTrigger, dateTrigger, inactivityTrigger, manualTrigger]);

export type EventTrigger = z.output<typeof eventTrigger>;
export type DateTrigger = z.output<typeof dateTrigger>;
export type InactivityTrigger = z.output<typeof inactivityTrigger>;
export type ManualTrigger = z.output<typeof manualTrigger>;
export type Trigger = z.output<typeof triggerSchema>;
