import type { Statement } from '../../database/index.ts';

/** Writes how hand-overs ended, as a JSON array of rows. */
export const settleMessages: Statement = {
  name: 'dispatch-settle-messages',
  text: `
    UPDATE message m SET
      status = x.status, due_at = to_timestamp(x."dueAt" / 1000), counted_at = to_timestamp(x."countedAt" / 1000),
      settled_at = to_timestamp(x."settledAt" / 1000), gate = x.gate, reason = x.reason, judged = x.judged, lease_until = NULL,
      holds_until = CASE WHEN x.status <> 'held' THEN m.holds_until END,
      attempts = x.attempts, parts = x.parts, provider_id = coalesce(x."providerId", m.provider_id)
    FROM json_to_recordset($1::json) AS x(
      lane smallint, month date, id uuid, status text, "dueAt" float8, "countedAt" float8, "settledAt" float8, gate text,
      reason text, judged integer, attempts integer, parts smallint, "providerId" text)
    WHERE m.lane = x.lane AND m.month = x.month AND m.id = x.id AND m.status = 'handing'`,
};
