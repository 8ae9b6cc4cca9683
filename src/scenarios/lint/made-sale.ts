import { faultAt, type LintRule } from './rule.ts';

/** A soft opt-in rests on a sale that happened (rule C3): a scenario that makes one up would forge it. */
export const madeSale: LintRule = (subject) => {
  const { scenario, library } = subject;
  const purposes = Object.entries(library.policy?.purposes ?? {});
  return Object.entries(scenario.steps).flatMap(([id, step]) => {
    if (step.kind !== 'emit') return [];
    const forged = purposes.find(([, { saleEvents }]) => saleEvents?.includes(step.event));
    if (forged === undefined) return [];
    return [
      faultAt(subject, ['steps', id, 'emit', 'event'], {
        code: 'made-sale',
        message: `step ${id} makes the event ${step.event}, which is a sale of purpose ${forged[0]}: whoever never bought could be written to`,
        hint: 'give the event another name; sales are told by a backend alone',
      }),
    ];
  });
};
