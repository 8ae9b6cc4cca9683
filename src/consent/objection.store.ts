import type { Sql } from '../database/index.ts';
import { insertInbox } from '../events/index.ts';
import type { Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { holdContact } from './contact-lock.store.ts';
import { deleteObjection, insertObjection } from './sql/objection.ts';

/**
 * Records that a contact objects to direct marketing, or takes that back. Inside a transaction, whose commit is the
 * instant from which it holds (rule D4); the engine then ends what is under way. Wake it (`Signal.wake`) after the commit.
 * True when this call changed something.
 */
export async function recordObjection(
  sql: Sql,
  contactId: Id,
  said: 'objects' | 'takes-back',
  seq: number,
  now: Instant,
): Promise<boolean> {
  await holdContact(sql, contactId);
  const key = [laneOf(contactId), contactId];
  const changed =
    said === 'objects' ? await sql.run(insertObjection, [...key, now]) : await sql.run(deleteObjection, key);
  if (changed.length > 0)
    await insertInbox(sql, [
      { contactId, seq, receivedAt: now, kind: said === 'objects' ? 'objection' : 'consent', body: {} },
    ]);
  return changed.length > 0;
}
