import type { Statement } from '../../database/index.ts';

/** Why a message is unknown, or is tried again, whose process died during the exchange. */
export const INTERRUPTED = 'interrupted';

/**
 * Writes how hand-overs ended, as a JSON array of rows, and tells which were as they had been left: begun (`from` is
 * `handing`) by this attempt, or looked at and refused (`ready`) after this judgement. What a provider has said is also
 * written where another took this process for dead meanwhile: `was` is then what that one had made of it.
 */
export const settleMessages: Statement<{ id: string; was: 'ready' | 'handing' | 'unknown' }> = {
  name: 'dispatch-settle-messages',
  text: `
    WITH found AS (
      SELECT m.lane AS of_lane, m.month AS of_month, m.id AS of_id, m.status AS was, x.*
      FROM json_to_recordset($1::json) AS x(
        lane smallint, month date, id uuid, "from" text, attempt integer, "judgedBefore" integer, status text, "dueAt" float8,
        "countedAt" float8, "settledAt" float8, gate text, reason text, judged integer, attempts integer, parts smallint,
        "providerId" text, token integer)
      JOIN message m ON m.lane = x.lane AND m.month = x.month AND m.id = x.id
      WHERE m.attempts = x.attempt AND (
        (m.status = x."from" AND ((m.status = 'handing' AND (x.token IS NULL OR m.handing_by = x.token)) OR (m.status = 'ready' AND m.judged = x."judgedBefore")))
        OR (x."from" = 'handing' AND x.status IN ('sent', 'failed') AND m.status IN ('unknown', 'ready') AND m.reason = '${INTERRUPTED}'))
      FOR UPDATE OF m
    )
    UPDATE message m SET
      status = x.status, due_at = to_timestamp(x."dueAt" / 1000), counted_at = to_timestamp(x."countedAt" / 1000),
      settled_at = to_timestamp(x."settledAt" / 1000), gate = x.gate, reason = x.reason, judged = x.judged, lease_until = NULL,
      holds_until = CASE WHEN x.status <> 'held' THEN m.holds_until END, handing_to = NULL, handing_by = NULL, attempts = x.attempts, parts = x.parts, provider_id = coalesce(x."providerId", m.provider_id)
    FROM found x WHERE m.lane = x.of_lane AND m.month = x.of_month AND m.id = x.of_id
    RETURNING m.id, x.was`,
};
