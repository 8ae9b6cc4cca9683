import type { Statement } from '../../database/index.ts';
import { mayKnowOpening } from './may-know.ts';

/**
 * One request: lane $1, month $2, id $3, contact $4, message $5 of month $6, kind $7, url $8, at $9, verdict $10, reason
 * $11. Nothing is written of whoever was erased: the link of an old mail still leads on, and leaves no trace (rule C8).
 */
export const recordHit: Statement = {
  name: 'tracking-record-hit',
  text: `
    INSERT INTO hit (lane, month, id, contact_id, message_id, message_month, kind, url, at, verdict, reason)
    SELECT c.lane, $2::date, $3::uuid, c.id, $5::uuid, $6::date, $7, $8, to_timestamp($9::float8 / 1000), $10, $11
    FROM contact c
    WHERE c.lane = $1::smallint AND c.id = $4::uuid AND NOT EXISTS (
      SELECT FROM suppression s WHERE s.lane = c.lane AND s.contact_id = c.id AND s.reason = 'erased')`,
};

/**
 * As `recordHit`, for an opening: nothing is written unless it may be known at this instant (rule C7). $12 and $13: the
 * senders that have a brand, and their brands.
 */
export const recordOpen: Statement = {
  name: 'tracking-record-open',
  text: `
    INSERT INTO hit (lane, month, id, contact_id, message_id, message_month, kind, url, at, verdict, reason)
    SELECT m.lane, $2::date, $3::uuid, m.contact_id, m.id, m.month, $7, $8, to_timestamp($9::float8 / 1000), $10, $11
    FROM message m
    WHERE m.lane = $1::smallint AND m.month = $6::date AND m.id = $5::uuid AND m.contact_id = $4::uuid
      AND ${mayKnowOpening('m', ['$12', '$13'])}`,
};
