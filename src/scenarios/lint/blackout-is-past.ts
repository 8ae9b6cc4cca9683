import type { Instant } from '../../shared/clock.ts';
import type { Fault } from '../../shared/errors.ts';
import type { PolicyFile } from './rule.ts';

const DAY = 86_400_000;

/** A blackout whose last day is over in every zone keeps nothing back any more: often a year was not brought up to date. */
export function lintBlackouts({ file, value, at }: PolicyFile, now: Instant): Fault[] {
  return (value?.blackouts ?? []).flatMap(({ from, to, reason }, index) => {
    if (now < Date.parse(to) + 2 * DAY) return [];
    const path = ['blackouts', index, 'to'];
    const days = from === to ? from : `${from} to ${to}`;
    return [
      {
        code: 'blackout-is-past',
        severity: 'warning' as const,
        message: `the blackout of ${days} (${reason}) is past, so it holds nothing back any more`,
        hint: 'write days to come, or take the blackout out',
        path: path.join('.'),
        file,
        ...at?.(path),
      },
    ];
  });
}
