import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A template reads `data` that the send step does not give. */
export const missingData: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const template = subject.library.templates.find(({ id }) => id === step.template);
    const missing = (template?.dataKeys ?? []).filter((key) => !Object.hasOwn(step.data ?? {}, key));
    if (missing.length === 0) return [];
    return [
      faultAt(subject, [...path, step.data === undefined ? 'template' : 'data'], {
        code: 'missing-data',
        message: `template ${step.template} reads ${missing.map((key) => `data.${key}`).join(', ')}, which this step does not give`,
        hint: `write data: { ${missing.map((key) => `${key}: …`).join(', ')} } in the send step`,
      }),
    ];
  });
