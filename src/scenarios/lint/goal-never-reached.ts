import { faultAt, type LintRule } from './rule.ts';

const INSTANT = new Set(['choose', 'split', 'set', 'emit', 'enrol']);

/** A goal is listened to inside the steps, and nobody stays in any of these. */
export const goalNeverReached: LintRule = (subject) => {
  const { goal, steps } = subject.scenario;
  if (goal === undefined || !Object.values(steps).every(({ kind }) => INSTANT.has(kind))) return [];
  return [
    faultAt(subject, ['goal', 'event'], {
      code: 'goal-never-reached',
      severity: 'warning',
      message: `the scenario is over in the instant in which it begins, so no ${goal.event} can come while somebody is inside`,
      hint: 'end with a waitFor of that event, or take the goal out',
    }),
  ];
};
