import type { Facts } from '../audience/index.ts';
import { compileCondition, describeCondition } from '../audience/index.ts';
import type { MemoryWorld } from '../engine/index.ts';
import { compileScenario, type AskedGuard, type CompiledScenario, type Scenario } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { admissionParts } from './recorder.ts';
import { whyNotEntered } from './refusal.ts';

/** What a condition answered, or why somebody stayed out. */
export interface Testimony {
  at: Instant;
  contactId: Id;
  /** Asked before somebody enters; by a step; or by a step that was told of its message or call. */
  asked: 'admission' | 'step' | 'outcome';
  text: string;
}

/**
 * Looks over the shoulder of the machines of a test that is played again because it failed, and remembers what every
 * guard answered to whom. The engine knows nothing of it.
 */
export class Witness {
  readonly testimonies: Testimony[] = [];
  private asked: AskedGuard[] = [];
  /** Who was asked in this tick and has not entered yet. */
  private applicants: { scenario: Scenario; facts: Facts; admitted: boolean }[] = [];

  /** The same scenario, overheard. */
  overhear({ definition, version }: CompiledScenario): CompiledScenario {
    const compiled = compileScenario(definition, version, (asked) => this.asked.push(asked));
    const parts = admissionParts(definition).map(({ asked, condition }) => ({
      name: `${definition.scenario}, ${asked}: ${describeCondition(condition)}`,
      holds: compileCondition(condition),
    }));
    return {
      ...compiled,
      admits: (facts) => {
        const admitted = compiled.admits(facts);
        for (const { name, holds } of parts) this.say(facts, 'admission', `${name} → ${holds(facts)}`);
        this.applicants.push({ scenario: definition, facts, admitted });
        return admitted;
      },
      enter: (context) => {
        this.applicants = this.applicants.filter(
          ({ scenario, facts }) => scenario !== definition || facts.contact.id !== context.facts.contact.id,
        );
        return this.listen(context.facts, 'step', '', () => compiled.enter(context));
      },
      step: (state, input, context) => {
        const part = input.type === 'settled' || input.type === 'called' ? 'outcome' : 'step';
        return this.listen(context.facts, part, state.value, () => compiled.step(state, input, context));
      },
    };
  }

  /** Says who was asked and did not enter, once a tick is over. */
  afterTick(world: MemoryWorld): void {
    for (const { scenario, facts, admitted } of this.applicants) {
      const { enrollments } = world.of(facts.contact.id);
      const why = whyNotEntered(scenario, admitted, enrollments.values());
      this.say(facts, 'admission', `stays out of ${scenario.scenario}: ${why}`);
    }
    this.applicants = [];
  }

  private listen<Result>(facts: Facts, part: Testimony['asked'], from: string, run: () => Result): Result {
    const asked: AskedGuard[] = (this.asked = []);
    const result = run();
    for (const { step, guard, value } of asked) this.say(facts, part, `${step ?? from}: ${guard} → ${value}`);
    return result;
  }

  private say({ now: at, contact }: Facts, asked: Testimony['asked'], text: string): void {
    this.testimonies.push({ at, contactId: contact.id, asked, text });
  }
}
