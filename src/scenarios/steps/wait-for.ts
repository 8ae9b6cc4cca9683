import { compileStrictCondition } from '../../audience/index.ts';
import { addDuration } from '../../calendar/index.ts';
import { delayName, eventType, wantedName } from '../machine-event.ts';
import { delayUntil, durationOf, factsOf, type StepCompiler } from './step-state.ts';

/** Waits for an event of the contact, but never longer than `timeout`. */
export const compileWaitFor: StepCompiler<'waitFor'> = ({ event, where, timeout }, place) => {
  const delay = delayName(place.step);
  const length = durationOf(timeout);
  const matches = where === undefined ? undefined : compileStrictCondition(where);
  const wanted = matches === undefined ? undefined : wantedName(place.step);
  return {
    state: {
      on: { [eventType(event)]: [place.way('onEvent', wanted)] },
      after: { [delay]: [place.way('onTimeout')] },
    },
    guards: matches === undefined ? {} : { [wantedName(place.step)]: (args) => matches(factsOf(args)) },
    delays: {
      [delay]: (args) => {
        const facts = factsOf(args);
        return delayUntil(addDuration(facts.now, length, facts.zone), facts);
      },
    },
    waiting: true,
  };
};
