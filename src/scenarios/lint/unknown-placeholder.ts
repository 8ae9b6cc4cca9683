import { placeholderFaults } from '../placeholders.ts';
import type { Step } from '../scenario.schema.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A `{{…}}` in a value that reads nothing, or that no message template could have. */
export const unknownPlaceholder: LintRule = (subject) =>
  Object.entries(subject.scenario.steps).flatMap(([id, step]) =>
    valuesOf(step).flatMap(({ path, value }) =>
      placeholderFaults(value).map((fault) => faultAt(subject, ['steps', id, ...path], fault)),
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
