import { stoppedClocksOf } from '../../contacts/index.ts';
import type { Statement } from '../../database/index.ts';

const RUNS = `contact_id <> ALL (${stoppedClocksOf('l.lane')})`;

/**
 * Contacts of the locked lanes $1 with a timer, watch, held message or request for a confirmation due at the
 * lane's $2, oldest first, at most $3 a lane and kind. The clock of a restricted contact stands still.
 */
export const claimClock: Statement<{ contactId: string }> = {
  name: 'engine-claim-clock',
  text: `
    SELECT DISTINCT d.contact_id AS "contactId" FROM unnest($1::smallint[], $2::float8[]) AS l(lane, until)
    CROSS JOIN LATERAL (
      (SELECT contact_id FROM enrollment WHERE lane = l.lane AND due_at <= to_timestamp(l.until / 1000) AND ${RUNS} ORDER BY due_at LIMIT $3)
      UNION ALL
      (SELECT contact_id FROM watch WHERE lane = l.lane AND due_at <= to_timestamp(l.until / 1000) AND ${RUNS} ORDER BY due_at LIMIT $3)
      UNION ALL
      (SELECT contact_id FROM message WHERE lane = l.lane AND status = 'held' AND due_at <= to_timestamp(l.until / 1000) AND ${RUNS} ORDER BY due_at LIMIT $3)
      UNION ALL
      (SELECT contact_id FROM consent_state WHERE lane = l.lane AND expires_at <= to_timestamp(l.until / 1000) AND ${RUNS} ORDER BY expires_at LIMIT $3)
    ) d`,
};
