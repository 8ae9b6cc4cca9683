import type { Statement } from '../../database/index.ts';
import type { Id } from '../../shared/ids.ts';

/**
 * Locks the addresses of lanes $1 and ids $2 until the transaction ends, and notes that the contacts $3 (pairwise) have
 * them. In one order, so that two ticks never wait for each other; and a tick waits for nothing else once it holds them.
 * Returns those that several contacts have had, as it stands once the lock is had: so theirs are written again, while
 * one that needs no change is locked all the same, and not returned.
 */
export const lockAddresses: Statement<{ id: Id }> = {
  name: 'engine-lock-addresses',
  text: `
    WITH locked AS (
      INSERT INTO address AS a (lane, id, holders)
      SELECT k.lane, k.id, array_agg(k.contact_id) FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) AS k(lane, id, contact_id)
      GROUP BY k.lane, k.id ORDER BY k.lane, k.id
      ON CONFLICT (lane, id) DO UPDATE
        SET holders = (SELECT array_agg(DISTINCT h.contact_id) FROM unnest(a.holders || excluded.holders) AS h(contact_id))
        WHERE cardinality(a.holders) > 1 OR NOT a.holders @> excluded.holders
      RETURNING id, holders
    )
    SELECT id FROM locked WHERE cardinality(holders) > 1`,
};
