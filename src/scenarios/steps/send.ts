import { SETTLED } from '../machine-event.ts';
import { switchWay } from './send.schema.ts';
import type { Guard, StepCompiler } from './step-state.ts';

/** Refusals; everything else (sent, unknown, holdout) counts as handed over and goes on. */
const REFUSED = new Set(['blocked', 'expired', 'failed']);

/** Plans one message and rests until the gate has settled it. */
export const compileSend: StepCompiler<'send'> = (step, place) => {
  const refused = `refused:${place.step}`;
  const switches = Object.keys(step.switch ?? {}).map((channel) => ({
    channel,
    guard: `switched:${channel}:${place.step}`,
  }));
  return {
    state: {
      entry: [{ type: 'send', params: { step: place.step } }],
      on: {
        [SETTLED]: [
          ...switches.map(({ channel, guard }) => place.way(switchWay(channel), guard)),
          place.way('onBlocked', refused),
          place.way('next'),
        ],
      },
    },
    guards: {
      ...Object.fromEntries(
        switches.map(({ channel, guard }): [string, Guard] => [
          guard,
          ({ event: { input } }) => input.type === 'settled' && input.switchTo === channel,
        ]),
      ),
      [refused]: ({ event: { input } }) => input.type === 'settled' && REFUSED.has(input.outcome),
    },
  };
};
