import { rowsStatement, type Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** Hand-overs that count soft bounces of the contacts $1 follow each other. In the order of the ids, so that no two wait for each other. */
export const lockSoftBounces: Statement = {
  name: 'dispatch-lock-soft-bounces',
  text: `
    SELECT pg_advisory_xact_lock(hashtextextended('soft ' || c.id, 0))
    FROM (SELECT DISTINCT id FROM unnest($1::text[]) AS u(id) ORDER BY id) c`,
};

/** A message that the mailbox of `mark` did not take. */
export interface SoftBounceRow {
  lane: number;
  month: string;
  id: Id;
  kind: 'soft' | 'unknown';
  contactId: Id;
  mark: string;
  at: Instant;
  status: string | null;
  reason: string;
}

/** Writes them down where reports of providers are; what such a report has told already is known. */
export const recordSoftBounces = rowsStatement<SoftBounceRow>({
  name: 'dispatch-record-soft-bounces',
  columns: [
    ['lane', 'smallint'],
    ['month', 'date'],
    ['id', 'uuid'],
    ['kind', 'text'],
    ['contactId', 'uuid'],
    ['mark', 'text'],
    ['at', 'float8'],
    ['status', 'text'],
    ['reason', 'text'],
  ],
  text: `
    INSERT INTO message_return (lane, month, message_id, kind, contact_id, mark, at, source, status, reason)
    SELECT x.lane, x.month, x.id, x.kind, x."contactId", x.mark, to_timestamp(x.at / 1000), 'smtp', x.status, x.reason FROM {rows}
    ON CONFLICT DO NOTHING`,
});

/**
 * How many soft bounces an address of a contact has, as SQL: the messages that came back softly, or in words that nobody understands, after an instant and after the last delivery by the channel.
 * Of texts, what nobody understands says nothing of the number. Each part is what names it in the statement.
 */
export function softBouncesOf(part: Record<'lane' | 'contactId' | 'mark' | 'since' | 'channel', string>): string {
  return `(
      SELECT count(DISTINCT r.message_id)::int FROM message_return r
      WHERE r.lane = ${part.lane} AND r.contact_id = ${part.contactId} AND r.kind IN ('soft', 'unknown')
        AND (r.kind = 'soft' OR ${part.channel} = 'email') AND r.mark = ${part.mark}
        AND r.at > to_timestamp(${part.since}::float8 / 1000)
        AND r.at > coalesce(
          (SELECT max(m.delivered_at) FROM message m
           WHERE m.lane = ${part.lane} AND m.contact_id = ${part.contactId} AND m.channel = ${part.channel}), '-infinity')
    )`;
}

const COUNT = softBouncesOf({
  lane: 'k.lane',
  contactId: 'k.contact_id',
  mark: 'k.mark',
  since: '$4',
  channel: `'email'`,
});

/** Soft bounces by email of the contacts $2 of lanes $1 at the addresses marked $3, after $4. */
export const countSoftBounces: Statement<{ contactId: Id; mark: string; count: number }> = {
  name: 'dispatch-count-soft-bounces',
  text: `
    SELECT k.contact_id AS "contactId", k.mark, ${COUNT} AS count
    FROM unnest($1::smallint[], $2::uuid[], $3::text[]) AS k(lane, contact_id, mark)`,
};
