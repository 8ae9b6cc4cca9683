import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

const FILES = { email: 'email.mjml.hbs', sms: 'sms.txt.hbs' };

/** A template lacks the file of the channel it is sent by. */
export const templateWithoutChannel: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const template = subject.library.templates.find(({ id }) => id === step.template);
    if (template === undefined || template.channels.includes(step.channel)) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'template-without-channel',
        message: `template ${step.template} cannot be sent by ${step.channel}`,
        hint: `add templates/${step.template}/${FILES[step.channel]}${template.channels.length === 0 ? '' : `, or send it by ${template.channels.join(' or ')}`}`,
      }),
    ];
  });
