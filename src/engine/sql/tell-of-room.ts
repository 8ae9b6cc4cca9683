import type { Statement } from '../../database/index.ts';

/**
 * Tells the contacts of lanes $1 and ids $2, by arrivals with the ids $3 (pairwise), that room was given back at an
 * address of theirs: those for whom pressure holds something. $4 is the number of the arrivals, $5 when they came.
 */
export const tellOfRoom: Statement = {
  name: 'engine-tell-of-room',
  text: `
    INSERT INTO inbox (lane, seq, id, contact_id, received_at, kind, body)
    SELECT k.lane, $4::int8, k.id, k.contact_id, to_timestamp($5::float8 / 1000), 'room', '{}'
    FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) AS k(lane, contact_id, id)
    WHERE EXISTS (
      SELECT FROM message m
      WHERE m.lane = k.lane AND m.contact_id = k.contact_id AND m.status = 'held' AND m.gate = 'pressure'
    )
    ON CONFLICT DO NOTHING`,
};
