import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A message that needs consent shows no way to withdraw it (rules C5, C6). */
export const missingWayOut: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const category = subject.library.policy?.categories[step.category ?? subject.scenario.category];
    const template = subject.library.templates.find(({ id }) => id === step.template);
    if (category?.needsConsent !== true || template?.channels.includes(step.channel) !== true) return [];
    const [shown, what, hint] =
      step.channel === 'email'
        ? [template.unsubscribable, 'an unsubscribe link', 'put {{links.unsubscribe}} into every variant of the mail']
        : [template.stoppable, 'the way to stop', 'end every variant of the text with, for instance, STOP 36000'];
    if (shown) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'missing-way-out',
        message: `template ${step.template} lacks ${what}, which a message that needs consent must have`,
        hint,
      }),
    ];
  });
