import { missedDays } from '../../calendar/index.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A monthly schedule on the 29th, 30th or 31st leaves out the months that lack it. */
export const shortMonths: LintRule = (subject) => {
  const { trigger } = subject.scenario;
  if (trigger.kind !== 'schedule') return [];
  return missedDays(trigger.rrule, trigger.start).map(({ day, months, ofStart }) =>
    faultAt(subject, ['trigger', ofStart ? 'start' : 'rrule'], {
      code: 'short-months',
      severity: 'warning',
      message: `${nameOf(day, ofStart)} ${comes(day, months)}`,
      hint: 'write BYMONTHDAY=-1 for the last day of each month, or a day up to the 28th',
    }),
  );
};

const nameOf = (day: number, ofStart: boolean): string =>
  `${day < 0 ? `BYMONTHDAY=${day}` : `the ${day}${day === 31 ? 'st' : 'th'}`}${ofStart ? ' (the day of start)' : ''}`;

function comes(day: number, months: readonly number[]): string {
  const names = months.map((month) => MONTHS.format(Date.UTC(2025, month - 1, 1)));
  const isLeapDay = Math.abs(day) === 29;
  if (isLeapDay) return 'comes in February in leap years only: other years lack it';
  return `does not come in ${LIST.format(names)}: nobody enters then`;
}

const MONTHS = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });
const LIST = new Intl.ListFormat('en', { type: 'conjunction' });
