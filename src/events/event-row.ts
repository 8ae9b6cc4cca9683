import type { Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import type { CustomerEvent, EventType } from './event.ts';

/** An event as it is stored: its JSON is text already, so that it is written once. */
export interface EventRow {
  lane: number;
  id: Id;
  contactId: Id;
  userId: string | null;
  seq: number;
  type: EventType;
  name: string;
  at: Instant;
  receivedAt: Instant;
  /** JSON text of an object. */
  properties: string;
  /** JSON text of an object, or null. */
  context: string | null;
  historical: boolean;
  active: boolean;
}

/** The row of an event that was made inside: by the engine's `emit`, by an import, by the samples. */
export function eventRow({ context, ...event }: CustomerEvent): EventRow {
  return {
    ...event,
    lane: laneOf(event.contactId),
    userId: event.userId ?? null,
    properties: JSON.stringify(event.properties),
    context: context === undefined ? null : JSON.stringify(context),
  };
}
