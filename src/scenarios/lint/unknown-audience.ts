import { conditions } from './mentions.ts';
import { faultAt, instead, type LintRule } from './rule.ts';

/** A condition names an audience that the policy does not have. */
export const unknownAudience: LintRule = (subject) => {
  const { policy } = subject.library;
  if (policy === undefined) return [];
  return conditions(subject.scenario).flatMap(({ condition, path }) =>
    'audience' in condition && !Object.hasOwn(policy.audiences, condition.audience)
      ? [
          faultAt(subject, path, {
            code: 'unknown-audience',
            message: `there is no audience called ${condition.audience}`,
            ...instead(condition.audience, Object.keys(policy.audiences)),
          }),
        ]
      : [],
  );
};
