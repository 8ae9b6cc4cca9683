import type { Statement } from '../../database/index.ts';

/**
 * The exchanges with the provider begin of claimed messages (lanes $1, months $2, ids $3) to addresses whose locks go by
 * $6: the commit of this statement is the line a message crosses once (rule D3). Until then it goes back, from here on it
 * is sent, or unknown. On the connection that holds the locks against withdrawals, so that without them nothing begins
 * (rule D4). Only as it was looked at, after $4 attempts and $5 judgements, and due at $8: returned are those of which
 * that is so. What the engine is changing at this moment is passed over. $7 is when the sweep may look at it.
 * $10 is the batch. Until its outcome is known it counts as late as $9 (rule P1a), if it counts at all.
 */
export const beginMessages: Statement<{ id: string }> = {
  name: 'dispatch-begin-messages',
  text: `
    WITH taken AS (
      SELECT m.lane, m.month, m.id, k.key
      FROM unnest($1::smallint[], $2::date[], $3::uuid[], $4::integer[], $5::integer[], $6::text[])
        AS k(lane, month, id, attempts, judged, key)
      JOIN message m ON m.lane = k.lane AND m.month = k.month AND m.id = k.id
      WHERE m.status = 'ready' AND m.attempts = k.attempts AND m.judged = k.judged AND m.due_at <= to_timestamp($8::float8 / 1000)
      FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE message m SET status = 'handing', attempts = m.attempts + 1, lease_until = to_timestamp($7::float8 / 1000),
      handing_to = hashtext(t.key), handing_by = $10,
      counted_at = CASE WHEN m.counted_at IS NOT NULL THEN greatest(m.counted_at, to_timestamp($9::float8 / 1000)) END
    FROM taken t WHERE m.lane = t.lane AND m.month = t.month AND m.id = t.id
    RETURNING m.id`,
};
