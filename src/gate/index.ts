export type { Channel } from '../shared/channel.ts';
export type { CountedSend } from '../pressure/index.ts';
export { GATES, UNJUDGED } from './message.ts';
export type {
  Closing,
  ConsentPast,
  Counter,
  Decision,
  Felt,
  Gate,
  GateRecord,
  JudgeFacts,
  Message,
  MessageStatus,
  Verdict,
} from './message.ts';
export { policySchema } from './policy.schema.ts';
export type { Policy } from './policy.schema.ts';
export { brandOf, parsePolicy, policyVersion, sendsSince } from './policy.ts';
export type { CompiledPolicy, PolicyVersion } from './policy.ts';
export { judge } from './judge.ts';
export { roomsOf } from './pressure.ts';
export { feltPressure, type FeltPressure } from './felt.ts';
export { earliestPass, openHoursOf, type OpenSpan } from './outlook.ts';
export type { Judged } from './judge.ts';
export { byPrecedence, countedSend, judgeAll, plannedSend, turnOf, withSpent } from './judge-all.ts';
export type { Judgement, Meanwhile, Turn } from './judge-all.ts';
export { isJudgedAnew, type ContactChange } from './changed-contact.ts';
export { askedIn, CONFIRMATION } from './confirmation.ts';
export { confirmationSender } from './double-opt-in.schema.ts';
export { openAt, ownRoomAt, permissionRefusal } from './hand-over.ts';
export type { BreakerLimits, BreakerPolicy } from './breakers.ts';
export { PASSES, REFUSALS, type Pass, type Refusal } from './reasons.ts';
export { isDirectMarketing } from './direct-marketing.ts';
export { isWrittenToUnasked } from './consent-gate.ts';
export { lookOf } from './look.ts';
export { SIDES, sideOf, timeOf, writtenRules, type Side, type TestSide } from './frequency-test.ts';
