import type { OutgoingMessage } from '../channels/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Enrollment, EnrollmentStatus } from '../engine/index.ts';
import type { Decision, GateRecord, Message } from '../gate/index.ts';
import type { Scenario } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** One thing that happened in a rehearsal, in the order in which the engine did it. */
export type TimelineEntry = { at: Instant } & (
  | { kind: 'event'; name: string; properties: Record<string, unknown>; late: boolean }
  /** A mail was opened by somebody whose openings may not be known. */
  | { kind: 'unknown-open'; template: string }
  | { kind: 'identify'; traits: Record<string, unknown> }
  | { kind: 'consent'; channel: string; purpose: string; action: string }
  | { kind: 'restriction'; restricted: boolean }
  /** In the words of a line. */
  | { kind: 'preferences'; chosen: string }
  | { kind: 'enrol'; scenario: string; properties: Record<string, unknown> }
  /** The trigger's filter or the audience was asked. */
  | { kind: 'admission'; scenario: string; asked: 'trigger' | 'audience'; condition: string; value: boolean }
  | { kind: 'entered'; scenario: string; version: number }
  | { kind: 'not-entered'; scenario: string; reason: string }
  /** A step's time was up. */
  | { kind: 'timer'; scenario: string; step: string }
  | { kind: 'guard'; scenario: string; step: string; guard: string; value: boolean }
  /** A state was left, unless it is the first, and another entered; `until` is when its time will be up. */
  | { kind: 'state'; scenario: string; left: string | null; entered: string; does: string; until: Instant | null }
  | { kind: 'set'; scenario: string; step: string; attributes: Record<string, unknown> }
  | { kind: 'emit'; scenario: string; step: string; event: string; properties: Record<string, unknown> }
  /** Another scenario was asked by a step. */
  | { kind: 'enrol-step'; scenario: string; step: string; enrolled: string }
  /** A `webhook` step's call, with its body read; nothing is called. */
  | {
      kind: 'webhook';
      scenario: string;
      step: string;
      method: string;
      url: string;
      body: unknown;
      /** Why it would not be made. */
      notMade: string | null;
    }
  | { kind: 'called'; scenario: string; step: string; outcome: 'done' | 'failed' }
  | { kind: 'goal'; scenario: string }
  | JudgedEntry
  /** Handed over, or blocked because it could not be rendered. */
  | { kind: 'message'; messageId: Id; outcome: 'sent' | 'blocked'; reason: string | null }
  | { kind: 'ended'; scenario: string; left: string; status: EnrollmentStatus; reason: string | null }
);

/** A judgement, as its decision record has it. */
export interface JudgedEntry {
  kind: 'judged';
  messageId: Id;
  scenario: string;
  channel: string;
  template: string;
  verdict: Decision['verdict'];
  gate: string | null;
  rule: string | null;
  reason: string | null;
  until: Instant | null;
  /** The judgement in words, and each gate's answer. */
  sentence: string;
  gates: readonly SaidGate[];
}

/** A gate's answer with its sentence. */
export type SaidGate = GateRecord & { sentence: string };

export interface RehearsedMessage {
  message: Message;
  /** What would have left; null when nothing did. */
  outgoing: OutgoingMessage | null;
}

/** One contact's path through a scenario, and all that was decided on the way. */
export interface Rehearsal {
  scenario: Scenario;
  /** The published version that ran; null for a file. */
  version: number | null;
  /** As it was at the beginning. */
  contact: Contact;
  /** By whose clock times are shown. */
  zone: string;
  from: Instant;
  /** The last instant that was looked at. */
  until: Instant;
  /** How it ended: that of the last enrollment. */
  status: EnrollmentStatus | 'not-entered';
  /** Where the contact is, when still inside. */
  step: string | null;
  reason: string | null;
  entries: TimelineEntry[];
  /** In the order in which they were planned. */
  messages: RehearsedMessage[];
  enrollments: Enrollment[];
  /** What the reader must know about what was not known. */
  notes: readonly string[];
}
