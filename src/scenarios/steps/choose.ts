import { compileStrictCondition } from '../../audience/index.ts';
import { factsOf, type Guard, type StepCompiler } from './step-state.ts';

/** Takes the first branch whose condition holds, by what is known of the contact now. */
export const compileChoose: StepCompiler<'choose'> = ({ branches }, place) => {
  const guards: Record<string, Guard> = {};
  const always = branches.map(({ when }, index) => {
    const guard = `when:${place.step}.${index}`;
    const matches = compileStrictCondition(when);
    guards[guard] = (args) => matches(factsOf(args));
    return place.way(String(index), guard);
  });
  return { state: { always: [...always, place.way('otherwise')] }, guards };
};
