import { eventRow, type CustomerEvent, type EventRow } from '../../../events/index.ts';
import type { Instant } from '../../../shared/clock.ts';
import { derivedId, type Id } from '../../../shared/ids.ts';
import type { InboundText } from './inbound-text.ts';
import type { Word } from '../../../consent/index.ts';

/** By which names scenarios hear of a text (docs/scenarios.md); `Unsubscribed` is Segment's own for the email channel. */
const NAMES: Readonly<Record<Word, string>> = {
  stop: 'SMS Unsubscribed',
  start: 'SMS Resubscribed',
  help: 'SMS Help Asked',
  other: 'SMS Received',
};

/** The event's name. */
export const textEventName = (word: Word): string => NAMES[word];

/** A text of a person to senders. */
export interface SaidByText {
  text: Pick<InboundText, 'source' | 'providerId' | 'text'>;
  word: Word;
  senders: readonly string[];
  at: Instant;
  now: Instant;
}

/**
 * The event by which scenarios hear of a text. It came from the person, so it is a sign of life (law L15); a STOP is none:
 * nobody is written to on the strength of it.
 */
export function saidEvent(said: SaidByText, contactId: Id, userId: string | null, seq: number): CustomerEvent {
  const { text, word, senders, at, now } = said;
  return {
    id: derivedId(contactId, 'event', `relance inbound ${text.source} ${text.providerId}`),
    contactId,
    userId,
    seq,
    type: 'track',
    name: NAMES[word],
    at,
    receivedAt: now,
    properties: { channel: 'sms', sender: senders[0], senders, text: text.text },
    historical: false,
    active: word !== 'stop',
  };
}

/** The same as it is stored. */
export function inboundEvent(
  said: SaidByText,
  { id, userId }: { id: Id; userId: string | null },
  seq: number,
): EventRow {
  return eventRow(saidEvent(said, id, userId, seq));
}
