import { named } from './mentions.ts';
import { faultAt, instead, type LintRule } from './rule.ts';

/** A sender the policy does not know. */
export const unknownSender: LintRule = (subject) => {
  const known = subject.library.policy?.senders;
  if (known === undefined) return [];
  return named(subject.scenario, 'sender')
    .filter(({ name }) => !Object.hasOwn(known, name))
    .map(({ name, path }) =>
      faultAt(subject, path, {
        code: 'unknown-sender',
        message: `the policy has no sender ${name}`,
        ...instead(name, Object.keys(known)),
      }),
    );
};
