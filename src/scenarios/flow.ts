import type { Scenario, Step } from './scenario.schema.ts';
import { waysOut } from './steps/step.schema.ts';

/** One way out of a step, resolved. */
export interface Way {
  /** `next`, `onBlocked`, `onEvent`, `onTimeout`, `ifMissing`, `ifPast`, `otherwise`, `switch.sms`, or the number of a branch from 0. */
  name: string;
  /** A step id, or `end`, or `exit`. */
  target: string;
  /** Where the target is written, below the document's root; undefined when it is the step below by default. */
  writtenAt: (string | number)[] | undefined;
  /** True when the way can be taken in the instant in which the step was entered. */
  immediate: boolean;
}

export interface StepFlow {
  id: string;
  step: Step;
  ways: Way[];
  /** Target by the way's name: `to.next`, `to.onBlocked`, `to['0']`. */
  to: Readonly<Record<string, string>>;
}

/** Every step with all its ways out, defaults filled in, in the order of the file; the first is the entry. */
export function resolveFlow(scenario: Scenario): Map<string, StepFlow> {
  const ids = Object.keys(scenario.steps);
  return new Map(
    Object.entries(scenario.steps).map(([id, step], index) => {
      const below = ids[index + 1] ?? 'end';
      const ways = waysOut(step).map(({ name, target, at, immediate }) => ({
        name,
        target: target ?? below,
        writtenAt: target === undefined ? undefined : ['steps', id, ...at],
        immediate,
      }));
      return [id, { id, step, ways, to: Object.fromEntries(ways.map((way) => [way.name, way.target])) }];
    }),
  );
}
