import { implies } from '../../audience/index.ts';
import { faultAt, type LintRule } from './rule.ts';

/** The goal is asked before the exits: what always reaches it never reaches an exit of the same event. */
export const exitNeverTaken: LintRule = (subject) => {
  const { goal, exit } = subject.scenario;
  if (goal === undefined || goal.stay || goal.within !== undefined) return [];
  return exit.flatMap(({ event, where }, index) => {
    const covered =
      goal.where === undefined ||
      (where !== undefined && implies(where, [goal.where], subject.library.policy?.audiences));
    if (event !== goal.event || !covered) return [];
    return [
      faultAt(subject, ['exit', index, 'event'], {
        code: 'exit-never-taken',
        severity: 'warning',
        message: `whoever does ${event} has reached the goal, and ends as converted before this exit is asked`,
        hint: 'take the exit out, or tell goal and exit apart with where',
      }),
    ];
  });
};
