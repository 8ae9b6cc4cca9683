import { faultAt, type LintRule } from './rule.ts';

/**
 * Whoever names a controller keeps a register of processing (GDPR Art. 30), and each of its activities has somebody who
 * answers for it (law L14). Purpose and legal basis are there in any case: a scenario must name its purpose, the
 * policy its basis.
 */
export const missingOwner: LintRule = (subject) => {
  const { scenario, library } = subject;
  if (library.policy?.controller === undefined || (scenario.owner ?? '').trim() !== '') return [];
  return [
    faultAt(subject, ['scenario'], {
      code: 'missing-owner',
      message: `${scenario.scenario} has no owner, and the register of processing names who answers for each scenario`,
      hint: 'write owner, such as `owner: crm@example.com`',
    }),
  ];
};
