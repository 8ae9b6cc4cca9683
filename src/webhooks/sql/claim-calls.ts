import { restrictedOf } from '../../contacts/index.ts';
import type { Statement } from '../../database/index.ts';
import { CALL_COLUMNS, type WebhookCall } from '../../engine/index.ts';

/**
 * Takes up to $4 calls due at $1 from the lanes $3, those longest due first, until $2: who has not written down by then
 * how an attempt ended is taken for dead, and the call is made again. `ended` tells that nobody waits for it any more.
 * Those about restricted contacts wait for the lift.
 */
export const claimCalls: Statement<WebhookCall & { ended: boolean }> = {
  name: 'webhooks-claim-calls',
  text: `
    WITH due AS (
      SELECT d.lane, d.month, d.id FROM unnest($3::smallint[]) AS l(lane)
      CROSS JOIN LATERAL (
        SELECT lane, month, id, due_at FROM webhook_call
        WHERE webhook_call.lane = l.lane AND status IN ('ready', 'calling') AND due_at <= to_timestamp($1::float8 / 1000)
          AND contact_id <> ALL (${restrictedOf('l.lane')})
        ORDER BY due_at LIMIT $4
      ) d
      ORDER BY d.due_at LIMIT $4
    ), taken AS (
      SELECT w.lane, w.month, w.id, w.contact_id, w.enrollment_id
      FROM due JOIN webhook_call w ON w.lane = due.lane AND w.month = due.month AND w.id = due.id
      WHERE w.status IN ('ready', 'calling') AND w.due_at <= to_timestamp($1::float8 / 1000)
      FOR UPDATE OF w SKIP LOCKED
    )
    UPDATE webhook_call w SET status = 'calling', attempts = w.attempts + 1, due_at = to_timestamp($2::float8 / 1000)
    FROM taken t
    LEFT JOIN enrollment e ON e.lane = t.lane AND e.contact_id = t.contact_id AND e.id = t.enrollment_id
    WHERE w.lane = t.lane AND w.month = t.month AND w.id = t.id
    RETURNING ${CALL_COLUMNS}, (e.id IS NULL OR e.ended_at IS NOT NULL) AS ended`,
};
