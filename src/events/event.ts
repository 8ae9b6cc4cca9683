import type { Device } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

export type EventType = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';

/**
 * What happened: one call of a backend about one contact.
 * `name` is the tracked name; the other types carry `Page Viewed`, `Screen Viewed`, `Group Joined`,
 * `Alias Created` and `Identified`. `properties` holds the properties, or for `identify` the traits as normalised.
 */
export interface CustomerEvent {
  id: Id;
  contactId: Id;
  /** What the backend calls the contact; null for an anonymous visitor. */
  userId: string | null;
  /** Order of arrival within the contact; see shared/sequence.ts. */
  seq: number;
  type: EventType;
  name: string;
  /** When it happened, clock skew corrected; never after `receivedAt`. */
  at: Instant;
  receivedAt: Instant;
  properties: Record<string, unknown>;
  /** Sent with `context.historical: true`: counts in conditions, triggers nothing. */
  historical: boolean;
  /** False when sent with `context.active: false`: does not count as activity. */
  active: boolean;
  /** What the device said of itself; fills what is missing of the contact. */
  context?: Device;
}

/** True when the event is only history for what runs now: imported as such, or older than `lateEvents` on arrival. */
export function isLate(event: CustomerEvent, lateEvents: number): boolean {
  return event.historical || event.receivedAt - event.at > lateEvents;
}

/** A person's click in a mail: Segment's e-mail spec calls it so, and a backend that knows it needs no other. */
export const LINK_CLICKED = 'Email Link Clicked';
