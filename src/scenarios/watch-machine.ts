import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { guardStep, guardText } from './machine-json.ts';
import type { ScenarioMachine } from './scenario-machine.ts';
import type { Scenario } from './scenario.schema.ts';

/** A guard that was asked, and what it said. */
export interface AskedGuard {
  contactId: Id;
  at: Instant;
  /** The step whose guard it is; null for a goal or an exit, which are asked in every step. */
  step: string | null;
  /** In words: `Order Completed within 30d`. */
  guard: string;
  value: boolean;
}

/** Told of every guard in the order in which XState asks. Must not change anything. */
export type GuardListener = (asked: AskedGuard) => void;

/** The same machine, whose guards tell what they said: for a rehearsal. What is compiled without a listener is untouched. */
export function watchGuards(machine: ScenarioMachine, scenario: Scenario, listener: GuardListener): ScenarioMachine {
  const guards = Object.entries(machine.guards).map(([name, guard]) => {
    const text = guardText(name, scenario);
    const step = guardStep(name, scenario);
    const told: typeof guard = (args) => {
      const value = guard(args);
      const { contact, now } = args.event.facts;
      listener({ contactId: contact.id, at: now, step, guard: text, value });
      return value;
    };
    return [name, told] as const;
  });
  return { ...machine, guards: Object.fromEntries(guards) };
}
