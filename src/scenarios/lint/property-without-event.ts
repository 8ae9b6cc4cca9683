import { propertiesAtHand } from '../../audience/index.ts';
import { faultAt, type LintRule } from './rule.ts';

/** The condition of an `audience` trigger reads a property, and there is no event at hand to read it of. */
export const propertyWithoutEvent: LintRule = (subject) => {
  const { trigger } = subject.scenario;
  if (trigger.kind !== 'audience') return [];
  return propertiesAtHand(trigger.condition).map((property) =>
    faultAt(subject, ['trigger', trigger.on], {
      code: 'property-without-event',
      message: `an audience trigger has no event at hand whose ${property} it could read`,
      hint: 'ask for an attribute, or put it into the `where` of an event',
    }),
  );
};
