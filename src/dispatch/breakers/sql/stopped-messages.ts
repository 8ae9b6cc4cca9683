import type { Statement } from '../../../database/index.ts';

/**
 * Why a message that passed the gate waits: its sending domain, or its sender of texts, is stopped. It may leave sooner than it is
 * due, once the stop is lifted: the engine knows it by this word (engine/sql/message-columns.ts).
 */
export const STOPPED = 'breaker-stopped';

/**
 * Puts off to $2 up to $5 messages due at $1 that a breaker stops: advertising (`isAdvertising`) of the senders $3 (`CHANNEL:NAME`), in the lanes $4.
 * Those that have run out are left to the claim, which gives them back to the engine.
 */
export const postponeStopped: Statement = {
  name: 'dispatch-postpone-stopped',
  text: `
    UPDATE message m SET due_at = least(to_timestamp($2::float8 / 1000), m.expires_at), reason = '${STOPPED}',
      counted_at = CASE WHEN m.counted_at IS NOT NULL THEN greatest(m.counted_at, to_timestamp($2::float8 / 1000)) END
    FROM (
      SELECT lane, month, id FROM message
      WHERE lane = ANY ($4::smallint[]) AND status = 'ready' AND due_at <= to_timestamp($1::float8 / 1000)
        AND (category = 'marketing' OR needs_consent) AND channel || ':' || sender = ANY ($3::text[])
        AND (expires_at IS NULL OR expires_at > to_timestamp($1::float8 / 1000))
      LIMIT $5 FOR UPDATE SKIP LOCKED
    ) t
    WHERE m.lane = t.lane AND m.month = t.month AND m.id = t.id AND m.status = 'ready'`,
};

/** What was put off of the senders $2 (`CHANNEL:NAME`) in the lanes $1 is due at $3. */
export const releaseStopped: Statement = {
  name: 'dispatch-release-stopped',
  text: `
    UPDATE message m SET due_at = to_timestamp($3::float8 / 1000), reason = NULL
    WHERE m.lane = ANY ($1::smallint[]) AND m.status = 'ready' AND m.reason = '${STOPPED}' AND m.channel || ':' || m.sender = ANY ($2::text[])`,
};
