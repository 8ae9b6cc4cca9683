import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

const WITHOUT_EVENT = new Set(['date', 'inactivity', 'schedule']);

/** A template reads the entry event of a scenario that lets people in without one. */
export const missingEvent: LintRule = (subject) => {
  const { kind } = subject.scenario.trigger;
  if (!WITHOUT_EVENT.has(kind)) return [];
  return sends(subject.scenario).flatMap(({ step, path }) => {
    const keys = subject.library.templates.find(({ id }) => id === step.template)?.eventKeys ?? [];
    if (keys.length === 0) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'missing-event',
        severity: 'warning',
        message: `template ${step.template} reads ${keys.map((key) => `event.${key}`).join(', ')}, and a ${kind} trigger has no event: nothing would stand there`,
        hint: 'read contact or data in the template, or send another one',
      }),
    ];
  });
};
