import { nextAnywhere, parseRecurrence, parseTimeOfDay } from '../../calendar/index.ts';
import type { Scenario } from '../scenario.schema.ts';
import { faultAt, type LintRule } from './rule.ts';

const DAY = 86_400_000;

/** A wait until a day that has gone by passes at once; a schedule whose last day has lets nobody in. */
export const dateIsPast: LintRule = (subject) => {
  const { scenario, library } = subject;
  const past = Object.entries(scenario.steps).flatMap(([id, step]) => {
    const date = step.kind === 'wait' && step.wait.form === 'moment' ? step.wait.date : undefined;
    // The day is over in every zone.
    if (date === undefined || library.now < Date.parse(date) + 2 * DAY) return [];
    return [
      faultAt(subject, ['steps', id, 'wait', 'until', 'date'], {
        code: 'date-is-past',
        severity: 'warning',
        message: `${date} is past, so this wait passes at once`,
        hint: 'write a day to come, or take the wait out',
      }),
    ];
  });
  if (!isOver(scenario, library.now)) return past;
  const over = faultAt(subject, ['trigger', 'rrule'], {
    code: 'date-is-past',
    severity: 'warning',
    message: 'the last day of this schedule is past, so it lets nobody in any more',
    hint: 'write a later UNTIL, or take the file out',
  });
  return [over, ...past];
};

function isOver({ trigger }: Scenario, now: number): boolean {
  if (trigger.kind !== 'schedule') return false;
  const recurrence = parseRecurrence(trigger.rrule, trigger.start, parseTimeOfDay(trigger.at)!);
  return recurrence !== null && nextAnywhere(recurrence, now - 2 * DAY) === null;
}
