export { attributeOf } from './attribute.ts';
export { compileToSql, type Place, type SqlCondition } from './compile-sql.ts';
export { isEntryReference, isNegation, type Condition, type ConsentLeaf, type MessageLeaf } from './condition.ts';
export { conditionSchema } from './condition.schema.ts';
export { describeCondition, type ConditionWords } from './describe.ts';
export { compileCondition, compileStrictCondition, evaluate } from './evaluate.ts';
export { compileNextChange } from './next-change.ts';
export {
  NO_AUDIENCES,
  type Facts,
  type NamedAudiences,
  type PastEvent,
  type PastMessage,
  type WatchedCondition,
  type Predicate,
} from './facts.ts';
export { audienceNames, conditionsIn, entryPaths, historyNames, propertiesAtHand, usesMessages } from './inspect.ts';
export { EACH, listFault, listWithin, partsOf, pathReader } from './path.ts';
export { alwaysHolds, coverAll, exclude, implies, neverHolds } from './reason.ts';
export { compilePattern, patternFault } from './pattern.ts';
export { circles, compileAudiences, namedWithin, watchedCondition } from './named-audience.ts';
