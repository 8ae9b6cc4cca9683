import { faultAt, type LintRule } from './rule.ts';

/** Two files have the same id. Told at the later one. */
export const duplicateScenario: LintRule = (subject) => {
  const { scenarios } = subject.library;
  const first = scenarios.find(({ scenario }) => scenario.scenario === subject.scenario.scenario);
  if (first === undefined || first.file === subject.file) return [];
  return [
    faultAt(subject, ['scenario'], {
      code: 'duplicate-scenario',
      message: `${first.file} already is the scenario ${subject.scenario.scenario}`,
      hint: 'give one of them another id',
    }),
  ];
};
