import type { Statement } from '../../database/index.ts';

/** One request: lane $1, month $2, id $3, contact $4, message $5 of month $6, kind $7, url $8, at $9, verdict $10, reason $11. */
export const recordHit: Statement = {
  name: 'tracking-record-hit',
  text: `
    INSERT INTO hit (lane, month, id, contact_id, message_id, message_month, kind, url, at, verdict, reason)
    VALUES ($1::smallint, $2::date, $3::uuid, $4::uuid, $5::uuid, $6::date, $7, $8, to_timestamp($9::float8 / 1000), $10, $11)`,
};

/** As `recordHit`, for an opening: nothing is written unless the contact allows it at this instant (rule C7). */
export const recordOpen: Statement<{ id: string }> = {
  name: 'tracking-record-open',
  text: `
    INSERT INTO hit (lane, month, id, contact_id, message_id, message_month, kind, url, at, verdict, reason)
    SELECT $1::smallint, $2::date, $3::uuid, $4::uuid, $5::uuid, $6::date, $7, $8, to_timestamp($9::float8 / 1000), $10, $11
    WHERE EXISTS (
      SELECT FROM consent_state s
      WHERE s.lane = $1::smallint AND s.contact_id = $4::uuid AND s.channel = 'email' AND s.purpose = 'open-tracking'
        AND s.state = 'granted'
    )
    RETURNING id`,
};
