import { RESERVED_STEPS } from '../steps/language.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A step has a name that means a place. */
export const reservedStep: LintRule = (subject) =>
  RESERVED_STEPS.filter((id) => subject.flow.has(id)).map((id) =>
    faultAt(subject, ['steps', id], {
      code: 'reserved-step',
      message: `${id} is not a name for a step: it means a place`,
      hint: `choose another name, such as ${id}-step`,
    }),
  );
