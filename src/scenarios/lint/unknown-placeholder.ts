import { unknownPlaceholders } from '../placeholders.ts';
import type { Step } from '../scenario.schema.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A `{{…}}` in a value that reads nothing. */
export const unknownPlaceholder: LintRule = (subject) =>
  Object.entries(subject.scenario.steps).flatMap(([id, step]) =>
    valuesOf(step).flatMap(({ path, value }) =>
      unknownPlaceholders(value).map((placeholder) =>
        faultAt(subject, ['steps', id, ...path], {
          code: 'unknown-placeholder',
          message: `{{${placeholder}}} reads nothing`,
          hint: 'begin it with contact., event. or enrollment.',
        }),
      ),
    ),
  );

/** What a step fills in, each with its place below the step. */
function valuesOf(step: Step): { path: string[]; value: unknown }[] {
  if (step.kind === 'set')
    return Object.entries(step.attributes).map(([name, value]) => ({ path: ['set', name], value }));
  if (step.kind === 'webhook') {
    return (['url', 'headers', 'body'] as const).map((name) => ({ path: ['webhook', name], value: step[name] }));
  }
  if (step.kind !== 'emit') return [];
  return Object.entries(step.properties).map(([name, value]) => ({ path: ['emit', 'properties', name], value }));
}
