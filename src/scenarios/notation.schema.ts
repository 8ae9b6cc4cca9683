import { z } from 'zod';
import { durationMs, parseDuration, parseTimeOfDay, parseWeeklyWindow } from '../calendar/index.ts';
import { isStorable, STORABLE } from '../shared/storable.ts';

const durationHint = 'write one unit, such as 10m, 4h, 3d, 2w, 6mo or 1y, or ISO 8601, such as P1DT2H';

/** A duration that may be negative: `-7d` is a week before. */
export const offset = z.string().refine((text) => parseDuration(text) !== null, {
  params: { code: 'wrong-duration', hint: durationHint },
  error: 'not a duration',
});

/** A duration longer than nothing. */
export const duration = z.string().superRefine((text, context) => {
  const parsed = parseDuration(text);
  if (parsed === null) {
    context.addIssue({
      code: 'custom',
      message: 'not a duration',
      params: { code: 'wrong-duration', hint: durationHint },
    });
  } else if (durationMs(parsed) <= 0) {
    context.addIssue({
      code: 'custom',
      message: 'a duration here must be longer than nothing',
      params: { code: 'wrong-duration' },
    });
  }
});

/** `HH:MM`, in the contact's zone. */
export const timeOfDay = z.string().refine((text) => parseTimeOfDay(text) !== null, {
  params: { code: 'wrong-time', hint: 'write hours and minutes in quotes, such as "09:00"' },
  error: 'not a time of day',
});

/** `Mon-Fri 09:00-19:00`, in the contact's zone. */
export const weeklyWindow = z.string().refine((text) => parseWeeklyWindow(text) !== null, {
  params: { code: 'wrong-window', hint: 'write days and hours, such as "Mon-Fri 09:00-19:00"' },
  error: 'not a weekly window',
});

/** `2026-03-01`: a day that exists. */
export const calendarDate = z.iso.date({ error: 'not a date: write year, month and day, such as 2026-03-01' });

/** A duration longer than nothing, or a day that exists. */
export const durationOrDate = z.string().superRefine((text, context) => {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  for (const { message, ...issue } of (isDay ? calendarDate : duration).safeParse(text).error?.issues ?? []) {
    const params = 'params' in issue ? { params: issue.params } : {};
    context.addIssue({ code: 'custom', message, ...params });
  }
});

/** Lower-case letters, digits and single hyphens, 1 to 64 characters. */
export const id = z
  .string()
  .max(64, { error: 'longer than 64 characters' })
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'not an id: write lower-case letters, digits and single hyphens' });

/** The name of an event or attribute: any text, no blanks around it. */
export const name = z
  .string()
  .min(1, { error: 'empty' })
  .max(200, { error: 'longer than 200 characters' })
  .regex(/^\S(.*\S)?$/s, { error: 'has blanks at its ends' })
  .refine(isStorable, { error: STORABLE[1] });
