import { transition, type AnyActorLogic, type AnyActorScope, type ExecutableActionObject } from 'xstate';

/** What XState would have executed. */
export type Action = ExecutableActionObject;

let inert: AnyActorScope | undefined;

/**
 * The scope in which a machine's own pure transition function runs: nothing is executed, every action goes to `note`.
 *
 * XState's `transition(machine, snapshot, event)` makes such a scope at every call, and with it an actor that is never
 * started: most of the time of a step. The scope holds nothing that a transition changes, so XState makes it
 * once, here, and only the receiver of actions is new. A test holds both ways to the same results.
 */
export function scopeFor(note: (action: Action) => void): AnyActorScope {
  inert ??= makeInertScope();
  return { ...inert, actionExecutor: note };
}

function makeInertScope(): AnyActorScope {
  let scope: AnyActorScope | undefined;
  const snapshot = { status: 'active' as const, output: undefined, error: undefined };
  const logic: AnyActorLogic = {
    getInitialSnapshot: () => snapshot,
    getPersistedSnapshot: () => snapshot,
    transition: (_snapshot: unknown, _event: unknown, given: AnyActorScope) => {
      scope = given;
      return snapshot;
    },
  };
  transition(logic, snapshot, { type: 'borrow' });
  return scope!;
}
