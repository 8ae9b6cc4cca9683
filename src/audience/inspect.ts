import { entriesOf, isNegation, type Condition } from './condition.ts';

/** A condition and all conditions inside it. */
export function* conditionsIn(condition: Condition): Generator<Condition> {
  yield condition;
  if ('all' in condition) for (const inner of condition.all) yield* conditionsIn(inner);
  else if ('any' in condition) for (const inner of condition.any) yield* conditionsIn(inner);
  else if ('event' in condition && condition.where !== undefined) yield* conditionsIn(condition.where);
  else if (isNegation(condition)) yield* conditionsIn(condition.not);
}

/** Names of the audiences a condition refers to itself. */
export function audienceNames(condition: Condition): Set<string> {
  const names = new Set<string>();
  for (const inner of conditionsIn(condition)) if ('audience' in inner) names.add(inner.audience);
  return names;
}

/** Properties a condition reads of the event at hand: outside a `where`, which is asked of past events. */
export function propertiesAtHand(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(propertiesAtHand);
  if ('any' in condition) return condition.any.flatMap(propertiesAtHand);
  if ('property' in condition) return [condition.property];
  return isNegation(condition) ? propertiesAtHand(condition.not) : [];
}

/** Names of the past events a condition asks for. */
export function historyNames(condition: Condition): Set<string> {
  const names = new Set<string>();
  for (const inner of conditionsIn(condition)) if ('event' in inner) names.add(inner.event);
  return names;
}

/** True when a condition asks for past messages. */
export function usesMessages(condition: Condition): boolean {
  for (const inner of conditionsIn(condition)) if ('message' in inner) return true;
  return false;
}

/** What a condition reads of the event that let the contact in, by its paths. */
export function entryPaths(condition: Condition): string[] {
  return [...conditionsIn(condition)].flatMap((inner) => entriesOf(inner).map(({ entry }) => entry));
}
