import { implies, neverHolds } from '../../audience/index.ts';
import type { Policy } from '../../gate/index.ts';
import type { ChooseStep } from '../scenario.schema.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A branch of a `choose` whose condition nobody can meet, or that those before it have always taken already. */
export const branchNeverTaken: LintRule = (subject) =>
  Object.entries(subject.scenario.steps).flatMap(([id, step]) =>
    step.kind !== 'choose'
      ? []
      : step.branches.flatMap((_branch, index) => {
          const why = whyNever(step, index, subject.library.policy?.audiences);
          return why === undefined
            ? []
            : [faultAt(subject, ['steps', id, 'choose', index, 'when'], { code: 'branch-never-taken', ...why })];
        }),
  );

function whyNever(
  { branches }: ChooseStep,
  index: number,
  audiences: Policy['audiences'] | undefined,
): { message: string; hint: string } | undefined {
  const { when } = branches[index]!;
  if (neverHolds(when, audiences))
    return {
      message: 'nobody can take this branch: its condition contradicts itself',
      hint: 'mend the condition (did you mean any instead of all?), or take the branch out',
    };
  const earlier = branches.slice(0, index).map((branch) => branch.when);
  if (earlier.length === 0 || !implies(when, earlier, audiences)) return undefined;
  const one = earlier.findIndex((other) => implies(when, [other], audiences));
  return {
    message: `nobody is left for this branch: ${one < 0 ? 'the branches before it take' : `branch ${one + 1} takes`} everyone who meets its condition`,
    hint: `put it before ${one < 0 ? 'them' : `branch ${one + 1}`}, or take it out`,
  };
}
