import { exclude, neverHolds } from '../../audience/index.ts';
import { outerConditions } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A filter that contradicts itself lets nothing through; branches of a `choose` have a rule of their own. */
export const conditionNeverTrue: LintRule = (subject) => {
  const { trigger, audience } = subject.scenario;
  const audiences = subject.library.policy?.audiences;
  const alone = outerConditions(subject.scenario)
    .filter(({ path, condition }) => path[2] !== 'choose' && neverHolds(condition, audiences))
    .map(({ path }) => ({ path, message: 'nothing can meet this condition: it contradicts itself' }));
  const filter = trigger.kind === 'event' ? trigger.where : undefined;
  const together =
    alone.length === 0 && filter !== undefined && audience !== undefined && exclude(filter, audience, audiences)
      ? [{ path: ['audience'], message: 'nobody who passes the filter of the trigger is in this audience' }]
      : [];
  return [...alone, ...together].map(({ path, message }) =>
    faultAt(subject, path, {
      code: 'condition-never-true',
      message,
      hint: 'take out one of the parts that contradict each other, or join them with any',
    }),
  );
};
