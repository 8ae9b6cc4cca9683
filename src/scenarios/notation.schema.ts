import { z } from 'zod';
import { offsetText, spanText, timeOfDayText, weeklyWindowText } from '../calendar/index.ts';
import { idText } from '../shared/id.schema.ts';
import { isReservedName, RESERVED_NAME } from '../shared/reserved-names.ts';
import { isStorable, STORABLE } from '../shared/storable.ts';

/** A duration that may be negative: `-7d` is a week before. */
export const offset = offsetText;

/** A duration longer than nothing. */
export const duration = spanText;

/** `HH:MM`, in the contact's zone. */
export const timeOfDay = timeOfDayText;

/** `Mon-Fri 09:00-19:00`, in the contact's zone. */
export const weeklyWindow = weeklyWindowText;

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
export const id = idText();

/** The name of an event or attribute: any text, no blanks around it. */
export const name = z
  .string()
  .min(1, { error: 'empty' })
  .max(200, { error: 'longer than 200 characters' })
  .regex(/^\S(.*\S)?$/s, { error: 'has blanks at its ends' })
  .refine(isStorable, { error: STORABLE[1] })
  .refine((text) => !isReservedName(text), RESERVED_NAME);
