import { faultAt, instead, type LintRule } from './rule.ts';

/** An `enrol` step enters a scenario that is not there. */
export const unknownScenario: LintRule = (subject) => {
  const known = subject.library.scenarios.map(({ scenario }) => scenario.scenario);
  return Object.entries(subject.scenario.steps).flatMap(([id, step]) =>
    step.kind !== 'enrol' || known.includes(step.scenario)
      ? []
      : [
          faultAt(subject, ['steps', id, 'enrol', 'scenario'], {
            code: 'unknown-scenario',
            message: `there is no scenario called ${step.scenario}`,
            ...instead(step.scenario, known),
          }),
        ],
  );
};
