import { attributeOf } from '../audience/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CompiledScenario } from '../scenarios/index.ts';
import type { Id } from '../shared/ids.ts';
import type { Enrollment } from './world.ts';

/** The attribute whose date an enrollment's step waits for; null for every other step. */
export function dateWaitedFor({ state }: Enrollment, { definition }: CompiledScenario): string | null {
  const step = definition.steps[state.value];
  return step !== undefined && 'wait' in step && step.wait.form === 'attribute' ? step.wait.attribute : null;
}

/** Whether a date is another one, or comes at another instant, for what has changed of the contact; null for neither. */
function isMoved(attribute: string, before: Contact, after: Contact): 'date' | 'clock' | null {
  if (attributeOf(before, attribute) !== attributeOf(after, attribute)) return 'date';
  return before.timezone !== after.timezone || before.country !== after.country ? 'clock' : null;
}

/** Enrollments that may wait for a date of the contact which has changed, or which comes at another instant now. */
export class MovedDates {
  private readonly moved = new Map<Id, 'date' | 'clock'>();

  get areSome(): boolean {
    return this.moved.size > 0;
  }

  note(enrollment: Enrollment, scenario: CompiledScenario, before: Contact, after: Contact): void {
    const attribute = dateWaitedFor(enrollment, scenario);
    const moved = attribute === null ? null : isMoved(attribute, before, after);
    if (moved !== null && this.moved.get(enrollment.id) !== 'date') this.moved.set(enrollment.id, moved);
  }

  /** Whose date was moved, each once; by what. */
  *take(): Generator<[Id, 'date' | 'clock']> {
    for (const each of this.moved) {
      this.moved.delete(each[0]);
      yield each;
    }
  }
}
