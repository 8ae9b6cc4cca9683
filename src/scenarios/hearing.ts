import type { StepFlow } from './flow.ts';

/** Steps in which a contact rests until a message or a call is settled. */
const RESTS = new Set(['send', 'webhook']);

/**
 * By each step in which a message or a call is waited for, the `waitFor` steps that it leads to before anything else is
 * waited for. They hear events from the first of these steps on: time in which a message waits is no deaf time, and what a
 * called system answers may come before its call is settled.
 */
export function listenersAhead(flow: ReadonlyMap<string, StepFlow>): Map<string, string[]> {
  const ahead = new Map<string, string[]>();
  for (const { id, step } of flow.values()) {
    const found = RESTS.has(step.kind) ? listenersAfter(id, flow) : [];
    if (found.length > 0) ahead.set(id, found);
  }
  return ahead;
}

function listenersAfter(from: string, flow: ReadonlyMap<string, StepFlow>): string[] {
  const found: string[] = [];
  const reached = new Set([from]);
  // A set is walked to its end, also over what is added on the way.
  for (const id of reached) {
    const { step, ways } = flow.get(id) ?? {};
    if (step === undefined || ways === undefined) continue;
    if (step.kind === 'waitFor') found.push(id);
    else for (const way of ways) if (step.kind !== 'wait' || way.immediate) reached.add(way.target);
  }
  return found;
}
