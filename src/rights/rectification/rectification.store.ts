import { insertEvents, type EventRow } from '../../events/index.ts';
import type { Sql } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { contactIdOf, derivedId, laneOf, type Id } from '../../shared/ids.ts';
import { contactIsKnown } from '../sql/rectify.ts';

/** True when something is known of this person. */
export async function isKnown(sql: Sql, contactId: Id): Promise<boolean> {
  return (await sql.run(contactIsKnown, [laneOf(contactId), contactId])).length > 0;
}

/**
 * Corrects a contact by an `identify` of its own, which names the request as where it came from: the engine takes it
 * as any other, and reschedules what hangs on a date (rule T5, GDPR Art. 16). It is no activity of the contact.
 */
export async function storeRectification(
  sql: Sql,
  userId: string,
  traits: Record<string, unknown>,
  requestId: Id,
  seq: number,
  now: Instant,
): Promise<void> {
  const contactId = contactIdOf(userId);
  const row: EventRow = {
    lane: laneOf(contactId),
    id: derivedId(contactId, 'event', requestId),
    contactId,
    userId,
    seq,
    type: 'identify',
    name: 'Identified',
    at: now,
    receivedAt: now,
    properties: JSON.stringify(traits),
    context: JSON.stringify({ source: 'rectification', request: requestId }),
    historical: false,
    active: false,
  };
  await insertEvents(sql, [row]);
}
