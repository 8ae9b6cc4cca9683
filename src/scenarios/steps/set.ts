import { normaliseTraits } from '../../contacts/index.ts';
import { valuesName } from '../machine-event.ts';
import { compilePlaceholders } from '../placeholders.ts';
import { placeholderData, type StepCompiler } from './step-state.ts';

/** Changes the contact. Steps reached at once see the change; a reserved field takes only what `identify` would take. */
export const compileSet: StepCompiler<'set'> = ({ attributes }, place) => {
  const values = compilePlaceholders(attributes);
  return {
    state: { entry: [{ type: valuesName(place.step) }, { type: 'set' }], always: [place.way('next')] },
    values: (args) => normaliseTraits(values(placeholderData(args)) as Record<string, unknown>).traits,
  };
};
