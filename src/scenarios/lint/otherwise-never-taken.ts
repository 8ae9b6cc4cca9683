import { coverAll } from '../../audience/index.ts';
import { faultAt, type LintRule } from './rule.ts';

/** The branches of a `choose` leave nobody for its `otherwise`. */
export const otherwiseNeverTaken: LintRule = (subject) =>
  Object.entries(subject.scenario.steps).flatMap(([id, step]) =>
    step.kind !== 'choose' ||
    !coverAll(
      step.branches.map(({ when }) => when),
      subject.library.policy?.audiences,
    )
      ? []
      : [
          faultAt(subject, ['steps', id, 'choose', step.branches.length, 'otherwise'], {
            code: 'otherwise-never-taken',
            severity: 'warning',
            message: 'nobody is left for otherwise: the branches before it take everyone',
            hint: 'make the last branch the otherwise',
          }),
        ],
  );
