import { DAY, MINUTE } from './civil.ts';
import type { WeeklyWindow } from './weekly-window.ts';

const MINUTES = (7 * DAY) / MINUTE;

/** Whether windows are ever open at once, in a week without clock changes and holidays. No window at all is always open. */
export function everOpen(windows: readonly WeeklyWindow[]): boolean {
  const weeks = windows.map(openMinutes);
  return weeks.length === 0 || weeks[0]!.some((_open, minute) => weeks.every((week) => week[minute]));
}

/** The longest time for which a window is shut in such a week, in milliseconds. */
export function longestShut(window: WeeklyWindow): number {
  const week = openMinutes(window);
  const first = week.indexOf(true);
  let longest = 0;
  let shut = 0;
  for (let minute = first; minute < first + MINUTES; minute++) {
    shut = week[minute % MINUTES] === true ? 0 : shut + 1;
    longest = Math.max(longest, shut);
  }
  return longest * MINUTE;
}

/** Every minute of the week from Monday 00:00 on; what crosses Sunday's midnight goes on on Monday. */
function openMinutes({ days, start, end }: WeeklyWindow): boolean[] {
  const week = Array.from({ length: MINUTES }, () => false);
  for (let day = 1; day <= 7; day++) {
    if (days[day] !== true) continue;
    const midnight = (day - 1) * DAY;
    for (let at = midnight + start; at < midnight + end; at += MINUTE) week[(at / MINUTE) % MINUTES] = true;
  }
  return week;
}
