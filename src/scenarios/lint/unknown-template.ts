import { sends } from './mentions.ts';
import { faultAt, instead, type LintRule } from './rule.ts';

/** A message has no template. */
export const unknownTemplate: LintRule = (subject) => {
  const known = subject.library.templates.map(({ id }) => id);
  return sends(subject.scenario)
    .filter(({ step }) => !known.includes(step.template))
    .map(({ step, path }) =>
      faultAt(subject, [...path, 'template'], {
        code: 'unknown-template',
        message: `there is no template called ${step.template}`,
        ...(known.length === 0
          ? { hint: `make the folder templates/${step.template}` }
          : instead(step.template, known)),
      }),
    );
};
