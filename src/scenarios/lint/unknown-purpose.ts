import { conditions, named } from './mentions.ts';
import { faultAt, instead, type LintRule } from './rule.ts';

/** A purpose nobody can consent to. */
export const unknownPurpose: LintRule = (subject) => {
  const known = subject.library.policy?.purposes;
  if (known === undefined) return [];
  const asked = conditions(subject.scenario).flatMap(({ condition, path }) =>
    'consent' in condition ? [{ name: condition.consent.purpose, path }] : [],
  );
  return [...named(subject.scenario, 'purpose'), ...asked]
    .filter(({ name }) => !Object.hasOwn(known, name))
    .map(({ name, path }) =>
      faultAt(subject, path, {
        code: 'unknown-purpose',
        message: `the policy has no purpose ${name}`,
        ...instead(name, Object.keys(known)),
      }),
    );
};
