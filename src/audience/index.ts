export { attributeOf } from './attribute.ts';
export type { Condition } from './condition.ts';
export { conditionSchema } from './condition.schema.ts';
export { describeCondition } from './describe.ts';
export { compileCondition, evaluate, type NamedAudiences, type Predicate } from './evaluate.ts';
export type { Facts, PastEvent, PastMessage } from './facts.ts';
export { conditionsIn, historyNames, usesMessages } from './inspect.ts';
