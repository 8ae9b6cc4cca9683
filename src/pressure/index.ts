export type { CountedSend, ScopeSubject } from './send.ts';
export { ruleSchema } from './rule.schema.ts';
export type { PressureRule } from './rule.schema.ts';
export { compileRule, lookBack } from './rule.ts';
export type { CompiledRule, OnBlocked } from './rule.ts';
export { OWN_WEEK, ownLimitsAllow, type OwnLimits } from './own-limits.ts';
export { room } from './room.ts';
export type { PressureFacts, Room } from './room.ts';
export { takersOf } from './takers.ts';
