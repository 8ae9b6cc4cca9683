import { faultAt, type LintRule } from './rule.ts';
import { unanswerable } from './sender-without-stop.ts';

/** A text that comes from letters has to say to which number one writes STOP (law L5: `STOP to 36xxx`). */
export const stopWithoutNumber: LintRule = (subject) =>
  unanswerable(subject).flatMap(({ step, path, sms }) => {
    const template = subject.library.templates.find(({ id }) => id === step.template);
    if (template === undefined || !template.stoppable || template.namesStopNumber) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'stop-without-number',
        severity: 'warning',
        message: `template ${step.template} says STOP and not to which number, and ${sms} cannot be answered`,
        hint: 'write STOP {{sender.stop}} in every variant of the text',
      }),
    ];
  });
