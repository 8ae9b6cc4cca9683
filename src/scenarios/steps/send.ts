import { SETTLED } from '../machine-event.ts';
import type { StepCompiler } from './step-state.ts';

/** Refusals; everything else (sent, unknown, holdout) counts as handed over and goes on. */
const REFUSED = new Set(['blocked', 'expired', 'failed']);

/** Plans one message and rests until the gate has settled it. */
export const compileSend: StepCompiler<'send'> = (_step, place) => {
  const refused = `refused:${place.step}`;
  return {
    state: {
      entry: [{ type: 'send', params: { step: place.step } }],
      on: { [SETTLED]: [place.way('onBlocked', refused), place.way('next')] },
    },
    guards: { [refused]: ({ event: { input } }) => input.type === 'settled' && REFUSED.has(input.outcome) },
  };
};
