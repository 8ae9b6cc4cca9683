import { holdContact } from '../../consent/index.ts';
import type { Sql } from '../../database/index.ts';
import { insertInbox } from '../../events/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { laneOf, type Id } from '../../shared/ids.ts';
import { holdLane } from '../sql/erase.ts';
import { holdReady, insertRestriction, liftRestriction } from '../sql/restrict.ts';

/**
 * Freezes a contact (GDPR Art. 18, law L12): what is known of it is kept and what arrives is stored, and nothing else
 * is done with it until the lift. Inside a transaction, whose commit is the instant from which it holds: a hand-over
 * under way is waited for, and none begins (rule D4). True when it was not restricted before.
 */
export async function restrict(sql: Sql, contactId: Id, now: Instant): Promise<boolean> {
  const key = [laneOf(contactId), contactId];
  await sql.run(holdLane, [key[0]]);
  await holdContact(sql, contactId);
  await sql.run(holdReady, [...key, now]);
  return (await sql.run(insertRestriction, [...key, now])).length > 0;
}

/**
 * Lifts it: the engine takes what arrived meanwhile in its order, and then what fell due, each exactly once (rules D2, D5).
 * Inside a transaction; wake the engine after the commit. True when there was a restriction.
 */
export async function lift(sql: Sql, contactId: Id, seq: number, now: Instant): Promise<boolean> {
  const key = [laneOf(contactId), contactId];
  await sql.run(holdLane, [key[0]]);
  if ((await sql.run(liftRestriction, [...key, now])).length === 0) return false;
  await insertInbox(sql, [{ contactId, seq, receivedAt: now, kind: 'lifted', body: {} }]);
  return true;
}
