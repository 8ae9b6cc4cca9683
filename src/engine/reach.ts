import type { CompiledScenario, Library } from '../scenarios/index.ts';

/**
 * These scenarios and all that their `emit` and `enrol` steps may let a contact into, however many steps away: what a
 * tick must have loaded to take follow-ups within it.
 */
export function withReachable(scenarios: Iterable<CompiledScenario>, library: Library): Set<CompiledScenario> {
  const reached = new Set(scenarios);
  // A set is walked to its end, also over what is added on the way.
  for (const { emits, enrols } of reached) {
    for (const event of emits) for (const scenario of library.triggeredBy(event)) reached.add(scenario);
    for (const enrolled of enrols)
      for (const scenario of library.live) if (scenario.id === enrolled) reached.add(scenario);
  }
  return reached;
}
