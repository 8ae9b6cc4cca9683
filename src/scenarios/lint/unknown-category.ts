import { named } from './mentions.ts';
import { faultAt, instead, type LintRule } from './rule.ts';

/** A category the policy gives no meaning to. */
export const unknownCategory: LintRule = (subject) => {
  const known = subject.library.policy?.categories;
  if (known === undefined) return [];
  return named(subject.scenario, 'category')
    .filter(({ name }) => !Object.hasOwn(known, name))
    .map(({ name, path }) =>
      faultAt(subject, path, {
        code: 'unknown-category',
        message: `the policy has no category ${name}`,
        ...instead(name, Object.keys(known)),
      }),
    );
};
