import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What a rule's scope and unit read, of a candidate and of what was sent; frozen on the message (rule P7). */
export interface ScopeSubject {
  channel: string;
  category: string;
  programme: string;
  scenarioId: string;
  /** The campaign it belongs to; null for the message of a scenario. */
  campaign: string | null;
  sender: string;
  purpose: string;
  /** Parts of a text message, as counted when it was last rendered, 1 before; a mail has 1. */
  parts: number;
  /** False for a category whose messages use no room: only the ceilings of the platform count them. */
  countsToward: boolean;
}

/** A message that used room: what the windows count. */
export interface CountedSend extends ScopeSubject {
  messageId: Id;
  /** When it was handed over; while it is in the air, the last instant at which it may be. */
  at: Instant;
  /** The first instant at which it may be handed over; of what has been, absent (rule P1a). */
  from?: Instant | null;
  /** True once a person clicked in it. */
  clicked?: boolean;
}

/** What a rule judges: a message not sent yet. */
export interface Candidate extends ScopeSubject {
  /** False for a category that pressure cannot block: only the ceilings of the platform do. */
  subjectTo: boolean;
}

/** A message that will be judged at `at`: held until then, or of a timer whose next step sends it. */
export interface PlannedSend extends ScopeSubject {
  at: Instant;
  priority: number;
  /** Null while a timer has yet to plan it. */
  messageId: Id | null;
  /** The step that sends it. */
  step: string;
}

/** When a message began to use room: of one in the air, the first instant at which it may be handed over. */
export const beganAt = ({ at, from }: Pick<CountedSend, 'at' | 'from'>): Instant => from ?? at;
