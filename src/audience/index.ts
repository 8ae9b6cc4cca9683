export { attributeOf } from './attribute.ts';
export { compileToSql, type Place, type SqlCondition } from './compile-sql.ts';
export type { Condition, ConsentLeaf, MessageLeaf } from './condition.ts';
export { conditionSchema } from './condition.schema.ts';
export { describeCondition, type ConditionWords } from './describe.ts';
export { compileCondition, evaluate } from './evaluate.ts';
export {
  NO_AUDIENCES,
  type Facts,
  type NamedAudiences,
  type PastEvent,
  type PastMessage,
  type WatchedCondition,
  type Predicate,
} from './facts.ts';
export { audienceNames, conditionsIn, historyNames, propertiesAtHand, usesMessages } from './inspect.ts';
export { alwaysHolds, coverAll, exclude, implies, neverHolds } from './reason.ts';
export { compilePattern, patternFault } from './pattern.ts';
export { circles, compileAudiences, namedWithin, watchedCondition } from './named-audience.ts';
