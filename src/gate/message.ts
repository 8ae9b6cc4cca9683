import type { ConsentState, Suppression } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CountedSend, FeltSignal, OwnLimits, Passage, PlannedSend, Room } from '../pressure/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { TestSide } from './frequency-test.ts';

export const GATES = ['address', 'suppression', 'consent', 'quiet-hours', 'window', 'pressure', 'template'] as const;
/** The gates in the order of docs: rules, "Gate order"; `template` refuses at hand-over what cannot be rendered (D9). */
export type Gate = (typeof GATES)[number];

/**
 * Where a message stands.
 * held: waits for `dueAt`. ready: passed the gate, waits for the dispatcher. handing: its exchange with the provider has begun.
 * The others are outcomes (rule D6): exactly one, for ever.
 */
export type MessageStatus =
  'held' | 'ready' | 'handing' | 'sent' | 'failed' | 'unknown' | 'blocked' | 'expired' | 'cancelled' | 'holdout';

/** One planned message. The fields the gate judges by are frozen on it (rule P7). */
export interface Message {
  id: Id;
  contactId: Id;
  enrollmentId: Id | null;
  scenarioId: string;
  scenarioVersion: number;
  programme: string;
  /** The campaign it belongs to; null for the message of a scenario. */
  campaign: string | null;
  step: string;
  channel: Channel;
  template: string;
  templateVersion: number;
  category: string;
  purpose: string;
  /** 0 to 100, higher first. */
  priority: number;
  sender: string;
  needsConsent: boolean;
  subjectTo: boolean;
  countsToward: boolean;
  /** Parts of a text message, as counted when it was last rendered, 1 before; a mail has 1. */
  parts: number;
  /** `Mon-Fri 09:00-19:00` of the send step. */
  window: string | null;
  data: Record<string, unknown>;
  plannedAt: Instant;
  expiresAt: Instant | null;

  status: MessageStatus;
  /** When to judge (held) or hand over (ready) next. Before the first judgement: when what led to it happened. */
  dueAt: Instant;
  /** The first instant it was postponed to; null when it never was. */
  heldUntil: Instant | null;
  /**
   * When it used its room: the instant of its hand-over, and until that is known the last one at which it may be; null when
   * it holds none (rules P1a, P6).
   */
  countedAt: Instant | null;
  /** Until when the judgement holds by which it is ready: it is not handed over after that; null when it has to be judged. */
  holdsUntil: Instant | null;
  settledAt: Instant | null;
  /** Of the deciding gate, when it was blocked or is held. */
  gate: Gate | null;
  reason: string | null;
  rule: string | null;
  /** Judgements so far; numbers the decision records. */
  judged: number;
  attempts: number;
}

/** How a message stands that was planned and not judged yet. */
export const UNJUDGED = {
  status: 'held',
  heldUntil: null,
  countedAt: null,
  holdsUntil: null,
  settledAt: null,
  gate: null,
  reason: null,
  rule: null,
  judged: 0,
  attempts: 0,
} as const satisfies Partial<Message>;

/** One gate's answer about one message at one instant. */
export interface GateRecord {
  gate: Gate;
  passed: boolean;
  /** One of `REFUSALS` or `PASSES` (reasons.ts); a suppression's own, or the fault of a template. */
  reason?: string;
  /** Pressure rule that refused. */
  rule?: string;
  /** Earliest instant this gate alone would pass, when it is known. */
  until?: Instant;
  /** Every pressure rule in scope with what it counted. */
  counters?: Counter[];
  /** The side of the frequency test that ran, by whose rules pressure answered. */
  test?: TestSide;
  /** Hours that were closed; of a record made before this was written down, absent. */
  closed?: Closing;
}

/** What one pressure rule counted for a message. */
export interface Counter {
  rule: string;
  used: number;
  max: number;
  /** In what it counts; messages when absent. */
  unit?: Room['unit'];
  /** What the message would add; 1 when absent. */
  cost?: number;
  /** What `max` would be but for what the contact's reactions say, and which these are: oldest first. */
  lowered?: { from: number; by: Felt[] };
  /** What is kept free for planned messages of higher priority. */
  kept?: number;
  /** Those messages, first due first; absent in older records. */
  keptFor?: { messageId: Id | null; at: Instant; channel: string; scenario: string; step: string; priority: number }[];
  /** The messages that used the room of a rule that had none, oldest first; absent in older records. */
  taken?: { messageId: Id; at: Instant; channel: string; scenario: string }[];
}

/** A reaction by which maxima are lowered, or the mails of a run without a click that count, together. */
export interface Felt {
  kind: FeltSignal['kind'];
  /** When; of mails, when the latest of them was sent. */
  at: Instant;
  /** What it weighed when the message was judged. */
  felt: number;
  /** How many mails. */
  count?: number;
}

/** The first hours that were closed, as the contact's clock had it. */
export interface Closing {
  /** `Mon-Sat 08:00-20:00`; absent of a blackout. */
  hours?: string;
  /** By whose clock: one of those in which the hours must be open (rule T1). */
  zone: string;
  /** Public holidays that keep them closed, from now to when they open: `YYYY-MM-DD`, and whose. */
  holidays?: { date: string; country: string; region?: string }[];
  /** Days of the policy on which nothing leaves, as it has them. */
  blackout?: { from: string; to: string; reason: string };
}

export type Verdict =
  /** `until`: the next instant at which time alone may have a gate answer otherwise; it must have been handed over by then. */
  | { kind: 'send'; until: Instant }
  | { kind: 'hold'; until: Instant; gate: Gate; reason: string; rule?: string }
  /** `exit`: the rule that refused also ends the enrollment. `switchTo`: it asks for another channel instead. */
  | { kind: 'block'; gate: Gate; reason: string; rule?: string; exit?: true; switchTo?: Channel }
  | { kind: 'expire' };

/** A decision record: append-only, one a judgement (rule D6). */
export interface Decision {
  messageId: Id;
  contactId: Id;
  /** 1 for the first judgement of the message. */
  ordinal: number;
  at: Instant;
  verdict: Verdict['kind'] | 'cancel' | 'holdout';
  gate: Gate | null;
  reason: string | null;
  rule: string | null;
  /** Of `hold`: until when it waits. Of `send`: until when that holds; absent in older records. */
  until: Instant | null;
  policyVersion: number;
  gates: GateRecord[];
}

/** All the gate may look at besides the message and the policy. */
export interface JudgeFacts {
  contact: Contact;
  consents: readonly ConsentState[];
  suppressions: readonly Suppression[];
  /** Sends that count, oldest first, from `sendsSince(policy, now)` on: the order is relied upon, not checked. */
  sends: readonly CountedSend[];
  /** Messages that are not among the candidates and will be judged later, and what timers will send next. */
  planned: readonly PlannedSend[];
  /** The live enrollments: what is exclusive as long as somebody is in it asks for them. */
  inside: readonly Passage[];
  /** The contact's own lowering of pressure; null when none was chosen. */
  ownLimits: OwnLimits | null;
  past: ConsentPast;
}

/** What was done, as far as a legal basis other than consent asks for it. */
export interface ConsentPast {
  /** Sales by purpose, of the purposes whose `saleEvents` have happened (rule C3); an empty brand where there are none. */
  sales: readonly { purpose: string; brand: string }[];
  /** Messages of purposes that write `once` that have passed the gate (law L23). */
  spent: readonly { purpose: string; messageId: Id }[];
}
