import type { Counter, Gate, GateRecord, MessageStatus, Pass, Policy, Refusal } from '../gate/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';

/** Written in a policy: `{ rolling: '7d' }`. */
export type WrittenRule = Policy['pressure'][number];

/** A pressure rule that is spoken of, with what it counted. */
export interface RuleTold {
  name: string;
  counter: Counter | null;
  /** As its policy version has it; null of the contact's own limits, and where the policy is not known. */
  written: WrittenRule | null;
}

/** What a sentence about one gate's answer may name. */
export interface GateTold {
  channel: Channel;
  /** As the policy labels it. */
  purpose: string;
  sender: string;
  record: GateRecord;
  /** The rule that refused, of the pressure gate. */
  rule: RuleTold | null;
  /** What a message that used room is called, by its id; undefined when nobody knows any more. */
  nameOf: (messageId: string) => string | undefined;
  at: (instant: Instant) => string;
}

/** What a sentence about the end of a message, or about where it stands, may name. */
export interface OutcomeTold {
  channel: Channel;
  /** The deciding gate's answer as a clause; null when none decided. */
  why: string | null;
  /** What the rule that refused does with what finds no room: a sentence of its own; empty without one. */
  consequence: string;
  /** What the provider, or the end of the enrollment, said. */
  reason: string | null;
  attempts: number;
  planned: Instant;
  /** When it was judged last; null before the first time. */
  judged: Instant | null;
  due: Instant;
  settled: Instant | null;
  expires: Instant | null;
  delivered: Instant | null;
  bounced: Instant | null;
  at: (instant: Instant) => string;
}

/** Why a message was cancelled, where that is not the name of an event or of a rule. */
export const CANCELLATIONS = [
  'its enrollment has ended',
  'the contact is gone',
  'completed',
  'converted',
  'exited',
  'stopped',
  'objection',
] as const;

/** What keeps, or kept, a contact from what a scenario sends. */
export const ABSENCES = [
  'restricted',
  'objection',
  'holdout',
  'inside',
  'ended',
  'no-reentry',
  'reentry-later',
  'retired',
  'no-event',
  'historical',
  'late',
  'before-publication',
  'filter',
  'no-key',
  'no-date',
  'not-yet',
  'already-so',
  'condition',
  'manual',
  'audience',
  'unknown',
] as const;
export type AbsenceCode = (typeof ABSENCES)[number];

/** Instants in words, empty where there is none. */
export interface AbsenceTold {
  at: string;
  until: string;
  text: string;
}

/**
 * All that is said in one language. The keys are those of the gates, their reasons and the outcomes: whoever adds one is
 * told by the compiler which sentence is missing, in each language. Clauses begin with a small letter and have no full stop.
 */
export interface Words {
  refused: { [Of in Gate]: Record<Refusal<Of>, (told: GateTold) => string> };
  /** A refusal with a reason that is not among those: a suppression's own, a template's fault. */
  refusedOtherwise: Record<Gate, (told: GateTold) => string>;
  passedBecause: { [Of in Gate]: Record<Pass<Of>, (told: GateTold) => string> };
  passed: Record<Gate, (told: GateTold) => string>;
  gate: Record<Gate, string>;
  outcome: Record<MessageStatus, (told: OutcomeTold) => string>;
  /** Of one judgement that let the message go. */
  allPassed: string;
  /** Said before a judgement that follows upon one which ran out before the message was handed over. */
  ranOut: (until: string) => string;
  /** Which gate decided, by which rule, under which version of the policy. */
  decided: (gate: string, rule: string | null, policyVersion: number) => string;
  cancelled: Record<(typeof CANCELLATIONS)[number], string> & {
    otherwise: (reason: string) => string;
    byRule: (rule: string) => string;
  };
  /** A counter in a few words: `weekly-ceiling: 2 of 3 within 7 days`. */
  counted: (rule: RuleTold) => string;
  consequence: {
    drop: string;
    exit: string;
    switch: (channel: Channel) => string;
    /** `room` is when it would have come; null when never. */
    hold: (longest: string, room: string | null) => string;
  };
  /** Why a contact is not in a scenario, or got nothing from it: sentences of their own. */
  absence: Record<AbsenceCode, (told: AbsenceTold) => string>;
  /** When an advertising message of a channel could leave: an instant in words, null when never; `now` when at once. */
  earliest: (channel: Channel, at: string | null, now: boolean) => string;
  /** `spans` are empty on a day without any. */
  openToday: (spans: string) => string;
  /** When a frequency test runs. */
  testTime: (from: string, until: string) => string;
  freeRoom: string;
  waiting: string;
  /** A duration as written: `7d`, `PT90M`. */
  duration: (text: string) => string;
  /** `Mon-Sat 08:00-20:00`. */
  hours: (text: string) => string;
  /** An instant by the clock of a zone. */
  instant: (at: Instant, zone: string) => string;
}
