import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What a rule's scope reads, of a candidate and of what was sent; frozen on the message when it is judged (rule P7). */
export interface ScopeSubject {
  channel: string;
  category: string;
  programme: string;
  scenarioId: string;
  sender: string;
}

/** A message that used room: what the windows count. */
export interface CountedSend extends ScopeSubject {
  messageId: Id;
  at: Instant;
}
