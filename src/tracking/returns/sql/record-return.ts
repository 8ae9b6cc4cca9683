import type { Statement } from '../../../database/index.ts';
import { softBouncesOf } from '../../../dispatch/index.ts';

/** Message $3 of lane $1 and month $2 arrived at $4. No row when that was known. */
export const markDelivered: Statement<{ id: string }> = {
  name: 'tracking-mark-delivered',
  text: `
    UPDATE message m SET delivered_at = to_timestamp($4::float8 / 1000)
    WHERE m.lane = $1 AND m.month = $2 AND m.id = $3 AND m.delivered_at IS NULL
    RETURNING m.id`,
};

/** It came back at $4; the first time counts. */
export const markBounced: Statement = {
  name: 'tracking-mark-bounced',
  text: `
    UPDATE message m SET bounced_at = to_timestamp($4::float8 / 1000)
    WHERE m.lane = $1 AND m.month = $2 AND m.id = $3 AND m.bounced_at IS NULL`,
};

/** Writes down that message $3 came back in the way $4. No row when that was known. */
export const recordReturn: Statement<{ kind: string }> = {
  name: 'tracking-record-return',
  text: `
    INSERT INTO message_return (lane, month, message_id, kind, contact_id, mark, at, source, status, reason)
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), $8, $9, $10)
    ON CONFLICT DO NOTHING
    RETURNING kind`,
};

/** Soft bounces of contact $2 in lane $1 at the address marked $3, after $4 and after the last delivery by channel $5. */
export const softBounces: Statement<{ count: number }> = {
  name: 'tracking-soft-bounces',
  text: `SELECT ${softBouncesOf({ lane: '$1', contactId: '$2', mark: '$3', since: '$4', channel: '$5' })} AS count`,
};
