import type { Facts } from '../audience/index.ts';
import type { StepContext, StepInput } from './machine.ts';

/** What XState is given: an input with all that guards, delays and values may look at. */
export interface MachineEvent {
  type: string;
  input: StepInput;
  /** The facts, with the event at hand in place. */
  facts: Facts;
  context: StepContext;
}

/** XState context of a running macrostep: what `set` steps changed. Nothing of it is kept. */
export interface Overlay {
  facts?: Facts;
  /** What the latest `set` step gave. */
  values?: Record<string, unknown>;
}

/** The state before the first step. Not an id, so no step can have its name. */
export const START = '(start)';
export const ENTER = 'enter';
export const SETTLED = 'settled';
export const CALLED = 'called';
export const RESUME = 'resume';

/** The event that leads from before the first step into any one. */
export function enterStepType(step: string): string {
  return `${ENTER}:${step}`;
}

/** XState's name for a tracked event. `*` is XState's wildcard and must not come in from a name. */
export function eventType(name: string): string {
  return `event:${name.replaceAll('*', '%2A')}`;
}

/** The guard of what a `waitFor` step asks of its event. */
export function wantedName(step: string): string {
  return `wanted:${step}`;
}

/** An event that a `waitFor` step hears of as it is entered: it came while the message before it waited. */
export function heardType(step: string): string {
  return `heard:${step}`;
}

/** The name of a step's one delay. Never a number, which XState would take for milliseconds. */
export function delayName(step: string): string {
  return `due:${step}`;
}

/** XState's name for "the delay of this step is over". */
export function timerType(scenario: string, step: string): string {
  return `xstate.after.${delayName(step)}.${scenario}.${step}`;
}

/** The name of the action that gives a `set` step's values to the rest of the macrostep. */
export function valuesName(step: string): string {
  return `values:${step}`;
}
