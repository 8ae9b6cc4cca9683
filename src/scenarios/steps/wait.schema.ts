import { z } from 'zod';
import { parseWeekday } from '../../calendar/index.ts';
import { calendarDate, duration, id, name, offset, timeOfDay } from '../notation.schema.ts';
import { onMissing } from '../../shared/yaml.ts';
import type { WayOut } from './language.ts';

const weekday = z.string().refine((text) => parseWeekday(text) !== null, {
  error: 'not a day of the week',
  params: { code: 'wrong-value', hint: 'write Monday to Sunday, or Mon to Sun' },
});

const moment = z
  .strictObject({
    time: timeOfDay.optional(),
    weekday: z.union([weekday, z.array(weekday).min(1, { error: 'names no day' })]).optional(),
    date: calendarDate.optional(),
  })
  .refine((until) => Object.values(until).some((part) => part !== undefined), {
    error: 'says no moment',
    params: { code: 'missing-key', hint: 'write at least one of time, weekday and date, or an attribute' },
  })
  .refine((until) => until.date === undefined || until.weekday === undefined, {
    error: 'a date has its own day of the week',
    params: { code: 'wrong-value', hint: 'write either date or weekday' },
  });

/** A missing date never means now, so what happens then is always written. */
const fallback = (when: string) =>
  id.clone().register(onMissing, {
    code: 'wait-without-fallback',
    hint: `say what happens when the date ${when}: next, exit, or a step`,
  });

const form = z.union([
  duration.transform((text) => ({ form: 'duration' as const, duration: text })),
  z
    .strictObject({
      until: z.strictObject({ attribute: name, offset: offset.optional(), at: timeOfDay.optional() }),
      ifMissing: fallback('is missing'),
      ifPast: fallback('is past'),
    })
    .transform(({ until, ...rest }) => ({ form: 'attribute' as const, ...until, ...rest })),
  z.strictObject({ until: moment }).transform(({ until }) => ({
    form: 'moment' as const,
    time: until.time,
    weekdays: until.weekday === undefined ? undefined : [until.weekday].flat(),
    date: until.date,
  })),
]);

/** Lets time pass: a duration, until a moment of the contact's calendar, or until a date the contact carries. */
export const waitStep = z
  .strictObject({ wait: form, next: id.optional() })
  .transform(({ wait, next }) => ({ kind: 'wait' as const, wait, next }));

export type WaitStep = z.output<typeof waitStep>;

export const waitWays = ({ wait, next }: WaitStep): WayOut[] => [
  { name: 'next', target: next, at: ['next'], immediate: wait.form === 'moment' && wait.date !== undefined },
  ...(wait.form === 'attribute'
    ? (['ifMissing', 'ifPast'] as const).map((way) => ({
        name: way,
        target: wait[way] === 'next' ? next : wait[way],
        at: ['wait', way],
        immediate: true,
      }))
    : []),
];
