import type { Statement } from '../../database/index.ts';
import { CALL_COLUMNS, type WebhookCall } from '../../engine/index.ts';

/** The latest calls for contact $2 in lane $1, newest first, at most $3, planned before $4 (null: from the newest on). */
export const listCalls: Statement<WebhookCall> = {
  name: 'webhooks-list-calls',
  text: `
    SELECT ${CALL_COLUMNS} FROM webhook_call w
    WHERE w.lane = $1 AND w.contact_id = $2 AND ($4::float8 IS NULL OR w.planned_at < to_timestamp($4::float8 / 1000))
    ORDER BY w.planned_at DESC, w.id LIMIT $3`,
};
