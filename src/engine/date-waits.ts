import { attributeOf } from '../audience/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CompiledScenario } from '../scenarios/index.ts';
import type { Enrollment } from './world.ts';

/** The attribute whose date an enrollment's step waits for; null for every other step. */
export function dateWaitedFor({ state }: Enrollment, { definition }: CompiledScenario): string | null {
  const step = definition.steps[state.value];
  return step !== undefined && 'wait' in step && step.wait.form === 'attribute' ? step.wait.attribute : null;
}

/** Whether a date is another one, or comes at another instant, for what has changed of the contact. */
export function isMoved(attribute: string, before: Contact, after: Contact): boolean {
  return (
    attributeOf(before, attribute) !== attributeOf(after, attribute) ||
    before.timezone !== after.timezone ||
    before.country !== after.country
  );
}
