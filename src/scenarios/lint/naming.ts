import { compilePattern } from '../../audience/index.ts';
import { faultAt, type LintRule } from './rule.ts';

/** The id is not what `naming.scenario` of the policy asks for. */
export const naming: LintRule = (subject) => {
  const convention = subject.library.policy?.naming.scenario;
  if (convention === undefined || compilePattern(convention)(subject.scenario.scenario)) return [];
  return [
    faultAt(subject, ['scenario'], {
      code: 'naming',
      severity: 'warning',
      message: `${subject.scenario.scenario} does not follow naming.scenario of the policy`,
      hint: `choose an id that matches ${convention}`,
    }),
  ];
};
