import { unknownPlaceholders } from '../placeholders.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A `{{…}}` in a value that reads nothing. */
export const unknownPlaceholder: LintRule = (subject) =>
  Object.entries(subject.scenario.steps).flatMap(([id, step]) => {
    if (step.kind !== 'set') return [];
    return Object.entries(step.attributes).flatMap(([attribute, value]) =>
      unknownPlaceholders(value).map((placeholder) =>
        faultAt(subject, ['steps', id, 'set', attribute], {
          code: 'unknown-placeholder',
          message: `{{${placeholder}}} reads nothing`,
          hint: 'begin it with contact., event. or enrollment.',
        }),
      ),
    );
  });
