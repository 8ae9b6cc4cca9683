import { restrictedOf, stoppedClocksOf } from '../../contacts/index.ts';
import type { Statement } from '../../database/index.ts';

const RUNS = `contact_id <> ALL (${stoppedClocksOf('l.lane')})`;

/**
 * Locks up to $3 lanes that have something due at $1 and that nobody else holds (docs: architecture, "Lanes").
 * One index probe a lane and table; not EXISTS, which is planned as a scan of the whole inbox while statistics lag.
 * What is of restricted contacts is not due (see contacts/restricted.ts).
 * $2 turns the order, so that under load every lane has its turn; lanes $4 are left out.
 * With them comes the revision of the library that this tick must run by (see share-library.ts).
 * Must run inside the transaction that does the work: the lock is the transaction's.
 */
export const claimLanes: Statement<{ lane: number; revision: number }> = {
  name: 'engine-claim-lanes',
  text: `
    SELECT l.lane, (SELECT revision FROM library) AS revision FROM lane l
    WHERE l.lane <> ALL ($4::smallint[]) AND (
          (SELECT true FROM inbox i WHERE i.lane = l.lane AND i.contact_id <> ALL (${restrictedOf('l.lane')}) ORDER BY i.seq LIMIT 1)
       OR (SELECT e.due_at FROM enrollment e WHERE e.lane = l.lane AND e.due_at IS NOT NULL AND e.${RUNS} ORDER BY e.due_at LIMIT 1)
            <= to_timestamp($1::float8 / 1000)
       OR (SELECT w.due_at FROM watch w WHERE w.lane = l.lane AND w.due_at IS NOT NULL AND w.${RUNS} ORDER BY w.due_at LIMIT 1)
            <= to_timestamp($1::float8 / 1000)
       OR (SELECT m.due_at FROM message m WHERE m.lane = l.lane AND m.status = 'held' AND m.${RUNS} ORDER BY m.due_at LIMIT 1)
            <= to_timestamp($1::float8 / 1000)
       OR (SELECT s.expires_at FROM consent_state s WHERE s.lane = l.lane AND s.expires_at IS NOT NULL AND s.${RUNS} ORDER BY s.expires_at LIMIT 1)
            <= to_timestamp($1::float8 / 1000))
    ORDER BY (l.lane + $2::int) % 64
    LIMIT $3
    FOR UPDATE OF l SKIP LOCKED`,
};
