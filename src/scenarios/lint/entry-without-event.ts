import { entryPaths } from '../../audience/index.ts';
import { outerConditions } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** Time or an audience let contacts in, and no event carried what a condition compares with. */
export const entryWithoutEvent: LintRule = (subject) => {
  const { kind } = subject.scenario.trigger;
  if (kind === 'event' || kind === 'manual') return [];
  return outerConditions(subject.scenario).flatMap(({ condition, path }) =>
    entryPaths(condition).map((entry) =>
      faultAt(subject, path, {
        code: 'entry-without-event',
        message: `compares with ${entry} of the entry, and no event lets contacts in here`,
        hint: 'compare with a value, or let an event or `manual: true` let contacts in',
      }),
    ),
  );
};
