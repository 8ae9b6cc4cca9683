import { durationMs, longestShut, parseDuration, parseWeeklyWindow } from '../../calendar/index.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

const HOUR = 3_600_000;

/** A message that is planned when its window has just shut expires before it opens again. */
export const expiresBeforeWindow: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    if (step.expires === undefined || step.window === undefined) return [];
    const shut = longestShut(parseWeeklyWindow(step.window)!);
    if (durationMs(parseDuration(step.expires)!) >= shut) return [];
    const hours = Math.ceil(shut / HOUR);
    return [
      faultAt(subject, [...path, 'expires'], {
        code: 'expires-before-window',
        severity: 'warning',
        message: `the window ${step.window} is shut for up to ${hours} hours, and the message expires after ${step.expires}: planned when it has just shut, it never leaves`,
        hint: `write at least ${hours}h, or a window that is shut for less`,
      }),
    ];
  });
