import type { Instant } from '../../../shared/clock.ts';
import type { AnsweredWord } from '../../../consent/index.ts';

/** A text message of a person, as a provider passes it on. */
export interface InboundText {
  kind: 'inbound';
  channel: 'sms';
  /** Who passes it on: `twilio`, `gateway`. */
  source: string;
  /** What the provider calls the text; a second one of the same name is the same text. */
  providerId: string;
  /** When it was sent, as far as the provider says; never after it was told. */
  at: Instant;
  /** Whose number it came from. */
  from: string;
  /** The number it was sent to; null when the provider does not say. */
  to: string | null;
  text: string;
  /**
   * What the provider itself took it for, and has answered: `OptOutType` of Twilio's Advanced Opt-Out. Null: the provider
   * says nothing of it.
   */
  takenFor: AnsweredWord | null;
}
