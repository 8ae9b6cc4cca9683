import { suppressDead } from '../consent/index.ts';
import { runRows, type Sql } from '../database/index.ts';
import type { Message } from '../gate/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf } from '../shared/ids.ts';
import { countSoftBounces, lockSoftBounces, recordSoftBounces } from './sql/soft-bounces.ts';

/** By which soft bounces are counted: the address's mark (`addressMark` of the channels), and the policy's limit. */
export interface SoftLimit {
  mark: string;
  max: number;
  within: number;
}

/** A message that has ended because the mailbox was full, or by words that nobody understands. `status` is the enhanced code, if any. */
export interface SoftBounce extends SoftLimit {
  message: Message;
  address: string;
  kind: 'soft' | 'unknown';
  status: string | null;
  reason: string;
}

/**
 * Counts what a full mailbox refused during the hand-over, and what was refused in words that nobody understands, as soft bounces, like those that are reported later, and gives an
 * address up that has as many as the policy says (law L20). A temporary refusal counts when its message is given up: as long
 * as it is tried again nothing has come back (rule D10), and reports of delays do not count either.
 */
export async function countSoft(sql: Sql, found: readonly SoftBounce[], now: Instant): Promise<void> {
  if (found.length === 0) return;
  await sql.run(lockSoftBounces, [found.map(({ message }) => message.contactId)]);
  const rows = found.map(({ message: { id, plannedAt, contactId }, mark, kind, status, reason }) => ({
    lane: laneOf(id),
    month: monthOf(plannedAt),
    id,
    kind,
    contactId,
    mark,
    at: now,
    status,
    reason,
  }));
  await runRows(sql, recordSoftBounces, rows);
  const since = now - found[0]!.within;
  const keys = [rows.map(({ lane }) => lane), rows.map(({ contactId }) => contactId), rows.map(({ mark }) => mark)];
  const counts = new Map(
    (await sql.run(countSoftBounces, [...keys, since])).map(({ contactId, mark, count }) => [
      `${contactId} ${mark}`,
      count,
    ]),
  );
  const dead = found.filter(({ message, mark, max }) => counts.get(`${message.contactId} ${mark}`)! >= max);
  await suppressDead(
    sql,
    dead.map(({ address }) => ({ channel: 'email' as const, address, reason: 'soft-bounces' as const })),
    now,
  );
}
