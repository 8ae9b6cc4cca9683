import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A scenario sends a template with `links.confirm`: only the policy's double opt-in has something to confirm (rule C4). */
export const confirmLinkElsewhere: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const link = subject.library.templates.find(({ id }) => id === step.template)?.confirm ?? null;
    if (link === null) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'confirm-link-elsewhere',
        message: `template ${step.template} has links.confirm (${link.file}:${link.line}), and a message of a scenario has nothing to confirm`,
        hint: 'take the link out, or leave the template to doubleOptIn of policy.yaml, which sends it by itself',
      }),
    ];
  });
