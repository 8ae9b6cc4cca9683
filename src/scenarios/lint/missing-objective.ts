import { faultAt, type LintRule } from './rule.ts';

/**
 * The register of processing tells what each scenario is for (GDPR Art. 30(1)(b)). The label of its purpose does in any
 * case; of two scenarios of one purpose only their objectives tell which is which.
 */
export const missingObjective: LintRule = (subject) => {
  const { scenario, library } = subject;
  if (library.policy?.controller === undefined || (scenario.objective ?? '').trim() !== '') return [];
  return [
    faultAt(subject, ['scenario'], {
      code: 'missing-objective',
      severity: 'warning',
      message: `${scenario.scenario} has no objective, and the register of processing says what it is for by its purpose alone`,
      hint: 'write objective, such as `objective: 25 % of new subscribers order within 14 days`',
    }),
  ];
};
