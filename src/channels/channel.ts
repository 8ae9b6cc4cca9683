import type { Channel } from '../shared/channel.ts';
import type { Id } from '../shared/ids.ts';

/** One message, rendered and addressed: all a provider needs. */
export interface OutgoingMessage {
  messageId: Id;
  contactId: Id;
  channel: Channel;
  /** An email address, or a phone number in E.164. */
  to: string;
  /** `Name <address>` for email; the sender's name or number for SMS. */
  from: string;
  replyTo: string | null;
  /** Envelope sender, where bounces go; null: the address of `from`, and always for SMS. */
  returnPath: string | null;
  /** Null for SMS. */
  subject: string | null;
  /** Null for SMS. */
  html: string | null;
  text: string;
  /** Headers of the email besides those above; empty for SMS. */
  headers: Readonly<Record<string, string>>;
  /** The same for every attempt at this message: the provider drops a second one (rule D3). */
  idempotencyKey: string;
}

/**
 * A soft bounce, as a report would tell it: the mailbox takes nothing for now (full), or the server said what nobody
 * understands. With the enhanced code, if any.
 */
export interface Soft {
  meaning: 'soft' | 'unknown';
  status: string | null;
}

/**
 * How a hand-over ended (rules D3, D10).
 * sent: the provider took it.
 * retry: it surely did not, and may later. `after` is the wait in milliseconds the provider asked for.
 * failed: it never will; `suppress` when the address itself is dead.
 * sender-fault: it would be the same for every recipient; the channel is paused and nobody suppressed (law L20).
 * unknown: nobody knows whether it went; never sent again by itself.
 */
export type DeliveryOutcome =
  | { kind: 'sent'; providerId: string }
  | { kind: 'retry'; reason: string; after?: number; soft?: Soft }
  | { kind: 'failed'; reason: string; suppress: boolean; soft?: Soft }
  | { kind: 'sender-fault'; reason: string }
  | { kind: 'unknown'; reason: string };

/** The port to a provider. `deliver` never throws: whatever happens is an outcome. */
export interface ChannelAdapter {
  readonly channel: Channel;
  /** For people: `smtp mail.example.com:587`, `captured`. Never with a password. */
  readonly description: string;
  /** Hand-overs at the same time that make sense: more would only queue behind each other. */
  readonly concurrency: number;
  /** Resolves when the rate lets one more begin. Before each `deliver`: what waits for its turn has not begun. */
  turn?(): Promise<void>;
  deliver(message: OutgoingMessage): Promise<DeliveryOutcome>;
  /** Tells whether the provider would take messages now, without sending one: lifts a pause (rule D10). */
  verify?(): Promise<DeliveryOutcome | null>;
  close(): Promise<void>;
}
