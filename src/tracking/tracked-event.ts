import { LINK_CLICKED, type CustomerEvent } from '../events/index.ts';
import type { Instant } from '../shared/clock.ts';
import { derivedId, type Id } from '../shared/ids.ts';

/** What a message has to be known by for an event of it; the rest is null when it is no longer kept. */
export interface TrackedMessage {
  id: Id;
  contactId: Id;
  scenarioId: string | null;
  programme: string | null;
  step: string | null;
  template: string | null;
  channel: string | null;
}

/** A name of Segment's e-mail spec, as that of a click (events/event.ts). */
export const EMAIL_OPENED = 'Email Opened';

/**
 * A person's click or opening as an event of the contact. A click is a sign of life, an opening never is (laws L15, L17).
 * @param hit makes the event's id; `url` is null for an opening
 */
export function trackedEvent(
  message: TrackedMessage,
  hit: { id: Id; kind: 'click' | 'open'; url: string | null; at: Instant },
  receivedAt: Instant,
  seq: number,
): CustomerEvent {
  const { contactId, id: messageId, scenarioId: scenario, programme, step, template, channel } = message;
  const about = { messageId, scenario, programme, step, template, channel, url: hit.url };
  const known = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== null));
  return {
    id: hitEventId(contactId, hit.id),
    contactId,
    userId: null,
    seq,
    type: 'track',
    name: hit.kind === 'click' ? LINK_CLICKED : EMAIL_OPENED,
    at: hit.at,
    receivedAt,
    properties: { ...known, machine: false },
    historical: false,
    active: hit.kind === 'click',
  };
}

/** The id of the event that a hit becomes: made of the hit, so that one hit is one event (rule D2). */
export function hitEventId(contactId: Id, hitId: Id): Id {
  return derivedId(contactId, 'event', 'hit', hitId);
}
