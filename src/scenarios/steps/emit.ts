import { compilePlaceholders } from '../placeholders.ts';
import { placeholderData, type StepCompiler } from './step-state.ts';

/** Makes an event of the contact. It is taken note of once this instant's steps are done, and moves other scenarios. */
export const compileEmit: StepCompiler<'emit'> = ({ event, properties }, place) => {
  const filled = compilePlaceholders(properties);
  return {
    state: {
      entry: [{ type: 'emit', params: { step: place.step, event, properties } }],
      always: [place.way('next')],
    },
    properties: (args) => filled(placeholderData(args)) as Record<string, unknown>,
  };
};
