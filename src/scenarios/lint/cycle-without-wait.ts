import type { StepFlow } from '../flow.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A way round in which no time passes would be walked for ever in one instant. Each is told once, at its first step. */
export const cycleWithoutWait: LintRule = (subject) =>
  immediateCycles(subject.flow).map((cycle) =>
    faultAt(subject, ['steps', cycle[0]!], {
      code: 'cycle-without-wait',
      message: `the steps ${[...cycle, cycle[0]].join(' → ')} go round without a wait`,
      hint: 'put a wait or waitFor into the round, or lead out of it',
    }),
  );

/**
 * One cycle for each knot of steps that reach each other in no time, in the order of the file.
 * Walks with its own stack: a scenario may have hundreds of steps in a row.
 */
function immediateCycles(flow: ReadonlyMap<string, StepFlow>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const entry of flow.keys()) {
    const trail: { id: string; targets: string[] }[] = [];
    const enter = (id: string): void => {
      const ways = flow.get(id)?.ways ?? [];
      trail.push({ id, targets: ways.filter(({ immediate }) => immediate).map(({ target }) => target) });
    };
    if (!done.has(entry)) enter(entry);
    while (trail.length > 0) {
      const here = trail.at(-1)!;
      const target = here.targets.shift();
      if (target === undefined) {
        done.add(here.id);
        trail.pop();
        continue;
      }
      const start = trail.findIndex(({ id }) => id === target);
      if (start >= 0) cycles.push(trail.slice(start).map(({ id }) => id));
      else if (!done.has(target) && flow.has(target)) enter(target);
    }
  }
  return cycles.filter((cycle, index) => cycles.findIndex((other) => sameSteps(other, cycle)) === index);
}

const sameSteps = (a: string[], b: string[]): boolean => a.length === b.length && a.every((id) => b.includes(id));
