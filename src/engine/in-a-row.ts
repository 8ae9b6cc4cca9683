import type { CompiledScenario, StepInput, StepResult } from '../scenarios/index.ts';
import type { Enrollment } from './world.ts';

/**
 * How many messages and calls have followed on each other's outcomes without a wait, those of this step included; null
 * when it adds none. A way without a circle passes each step once, so more than there are steps is a circle that would
 * go on for ever, one turn each time an outcome comes: `runaway` says so then.
 */
export function asksInARow(
  { state }: Enrollment,
  { effects }: StepResult,
  input: StepInput,
  { definition }: CompiledScenario,
): { inARow: number; runaway: string | null } | null {
  const asks = effects.filter(({ kind }) => kind === 'send' || kind === 'webhook').length;
  if (asks === 0 || (input.type !== 'settled' && input.type !== 'called')) return null;
  const inARow = (state.context.inARow ?? 0) + asks;
  const goesRound = inARow > Object.keys(definition.steps).length;
  return { inARow, runaway: goesRound ? `runaway: ${inARow} messages and calls in a row without a wait` : null };
}
