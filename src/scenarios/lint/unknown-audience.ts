import { conditions } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A condition names an audience that is not there. */
export const unknownAudience: LintRule = (subject) =>
  conditions(subject.scenario).flatMap(({ condition, path }) =>
    'audience' in condition
      ? [
          faultAt(subject, path, {
            code: 'unknown-audience',
            message: `there is no audience called ${condition.audience}`,
            hint: 'write its condition here instead',
          }),
        ]
      : [],
  );
