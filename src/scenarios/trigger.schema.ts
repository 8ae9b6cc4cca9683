import { z } from 'zod';
import { nextAnywhere, parseRecurrence, parseTimeOfDay } from '../calendar/index.ts';
import { conditionSchema } from '../audience/index.ts';
import { existingSchema } from './existing.schema.ts';
import { calendarDate, duration, name, offset, timeOfDay } from './notation.schema.ts';

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
    existing: existingSchema.default('enter'),
  })
  .transform((trigger) => ({ kind: 'inactivity' as const, ...trigger }));

/** A condition that becomes true, or ceases to be: only the change lets in, not that it is so. */
const entersTrigger = z
  .strictObject({ enters: conditionSchema })
  .transform(({ enters }) => ({ kind: 'audience' as const, on: 'enters' as const, condition: enters }));
const leavesTrigger = z
  .strictObject({ leaves: conditionSchema })
  .transform(({ leaves }) => ({ kind: 'audience' as const, on: 'leaves' as const, condition: leaves }));

/** Where a rule without a `start` begins: a Monday and the first of a year, so that weeks, months and years begin there. */
const SCHEDULE_START = '2024-01-01';

/** A recurrence in the contact's zone: every occurrence at most once (rule T7). */
const scheduleTrigger = z
  .strictObject({ rrule: z.string(), at: timeOfDay, start: calendarDate.optional() })
  .superRefine(({ rrule, at, start }, context) => {
    const refuse = (message: string, hint: string): void =>
      context.addIssue({ code: 'custom', path: ['rrule'], message, params: { code: 'wrong-rrule', hint } });
    const time = parseTimeOfDay(at);
    if (time === null) return;
    const recurrence = parseRecurrence(rrule, start ?? SCHEDULE_START, time);
    if (recurrence === null) {
      refuse(
        'not a rule of RFC 5545 by days or more',
        'write, for instance, FREQ=MONTHLY;BYMONTHDAY=1 or FREQ=WEEKLY;BYDAY=MO,TH',
      );
    } else if (start === undefined && /COUNT=|INTERVAL=/i.test(rrule)) {
      refuse('COUNT and INTERVAL are counted from a first day', 'write it, such as start: 2026-01-01');
    } else if (nextAnywhere(recurrence, Date.parse('1900-01-01')) === null) {
      refuse('a rule that no day ever fits', 'check its days and months against each other, and UNTIL against start');
    }
  })
  .transform(({ start = SCHEDULE_START, ...trigger }) => ({ kind: 'schedule' as const, ...trigger, start }));

/** Entered by the API or the console alone. */
const manualTrigger = z.strictObject({ manual: z.literal(true) }).transform(() => ({ kind: 'manual' as const }));

export const triggerSchema = z.union([
  eventTrigger,
  dateTrigger,
  inactivityTrigger,
  entersTrigger,
  leavesTrigger,
  scheduleTrigger,
  manualTrigger,
]);

export type EventTrigger = z.output<typeof eventTrigger>;
export type DateTrigger = z.output<typeof dateTrigger>;
export type InactivityTrigger = z.output<typeof inactivityTrigger>;
export type AudienceTrigger = z.output<typeof entersTrigger> | z.output<typeof leavesTrigger>;
export type ScheduleTrigger = z.output<typeof scheduleTrigger>;
export type ManualTrigger = z.output<typeof manualTrigger>;
export type Trigger = z.output<typeof triggerSchema>;
