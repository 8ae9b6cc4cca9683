import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Message } from '../../gate/index.ts';

/**
 * Takes up to $5 messages that passed the gate and are due at $1 for hand-over, on the channels $3, from the lanes $4,
 * in priority order (rule T4). The commit of this statement is the line a message crosses once (rule D3): from here on
 * it is sent, or unknown. Advertising (`isAdvertising`) of the senders $6 (`CHANNEL:NAME`), which a breaker has stopped, is left
 * out unless it has run out. $2 is when a message may be looked at by the sweep; what truly guards it is the row lock of
 * the transaction that hands it over. Until its outcome is known it counts as late as $7 (rule P1a), if it counts at all.
 */
export const claimMessages: Statement<Message> = {
  name: 'dispatch-claim-messages',
  text: `
    WITH best AS (
      SELECT b.lane, b.month, b.id, b.priority, b.due_at FROM unnest($4::smallint[]) AS l(lane)
      CROSS JOIN LATERAL (
        SELECT lane, month, id, priority, due_at FROM message
        WHERE message.lane = l.lane AND status = 'ready' AND due_at <= to_timestamp($1::float8 / 1000) AND channel = ANY ($3::text[])
          AND NOT ((category = 'marketing' OR needs_consent) AND channel || ':' || sender = ANY ($6::text[])
            AND (expires_at IS NULL OR expires_at > to_timestamp($1::float8 / 1000)))
        ORDER BY priority DESC, due_at LIMIT $5
      ) b
      ORDER BY b.priority DESC, b.due_at LIMIT $5
    ), taken AS (
      SELECT m.lane, m.month, m.id FROM best JOIN message m ON m.lane = best.lane AND m.month = best.month AND m.id = best.id
      WHERE m.status = 'ready'
      FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE message m SET status = 'handing', attempts = m.attempts + 1, lease_until = to_timestamp($2::float8 / 1000),
      counted_at = CASE WHEN m.counted_at IS NOT NULL THEN greatest(m.counted_at, to_timestamp($7::float8 / 1000)) END
    FROM taken t WHERE m.lane = t.lane AND m.month = t.month AND m.id = t.id
    RETURNING ${MESSAGE_COLUMNS}`,
};
