import type { Statement } from '../../database/index.ts';

/** A dead address: lanes $1, contacts $2, channels $3, addresses $4 and reasons $5 are parallel; $6 is when. */
export const suppress: Statement = {
  name: 'dispatch-suppress',
  text: `
    INSERT INTO suppression (lane, contact_id, channel, address, reason, at)
    SELECT k.lane, k.contact_id, k.channel, k.address, k.reason, to_timestamp($6::float8 / 1000)
    FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::text[]) AS k(lane, contact_id, channel, address, reason)
    ON CONFLICT DO NOTHING`,
};
