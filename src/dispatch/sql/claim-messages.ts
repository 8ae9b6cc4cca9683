import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Message } from '../../gate/index.ts';
import { HAD, isFree, tryMessage } from './message-locks.ts';

/**
 * Takes for this session up to $4 messages that passed the gate and are due at $1, on the channels $2, from the lanes $3,
 * in priority order (rule T4). Nothing is written: a claim is a lock, gone with its session, and what was only claimed
 * leaves later (rule D3). Advertising (`isAdvertising`) of the senders $5 (`CHANNEL:NAME`), which a breaker has stopped,
 * is left out unless it has run out. What another has changed since is found out when it begins (begin-messages.ts).
 */
export const claimMessages: Statement<Message> = {
  name: 'dispatch-claim-messages',
  text: `
    WITH ${HAD}, best AS (
      SELECT b.lane, b.month, b.id, b.priority, b.due_at FROM unnest($3::smallint[]) AS l(lane)
      CROSS JOIN LATERAL (
        SELECT lane, month, id, priority, due_at FROM message
        WHERE message.lane = l.lane AND status = 'ready' AND due_at <= to_timestamp($1::float8 / 1000) AND channel = ANY ($2::text[])
          AND NOT ((category = 'marketing' OR needs_consent) AND channel || ':' || sender = ANY ($5::text[])
            AND (expires_at IS NULL OR expires_at > to_timestamp($1::float8 / 1000)))
          AND ${isFree('id')}
        ORDER BY priority DESC, due_at LIMIT $4
      ) b
      ORDER BY b.priority DESC, b.due_at LIMIT $4
    )
    -- The inner part is done before a lock is tried: none is taken of what is not returned.
    SELECT ${MESSAGE_COLUMNS} FROM (
      SELECT m.* FROM best JOIN message m ON m.lane = best.lane AND m.month = best.month AND m.id = best.id
      WHERE m.status = 'ready'
      OFFSET 0
    ) m
    WHERE ${tryMessage('m.id')}`,
};
