import type { StepCompiler } from './step-state.ts';

/** Asks another scenario to let the contact in, and goes on whatever it answers. */
export const compileEnrol: StepCompiler<'enrol'> = ({ scenario }, place) => ({
  state: { entry: [{ type: 'enrol', params: { step: place.step, scenario } }], always: [place.way('next')] },
});
