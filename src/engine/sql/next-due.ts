import { restrictedOf, stoppedClocksOf } from '../../contacts/index.ts';
import type { Statement } from '../../database/index.ts';

const RUNS = `contact_id <> ALL (${stoppedClocksOf('l.lane')})`;

/** The earliest instant at which something will be due; null when nothing ever will. One index probe a lane and table. */
export const nextDue: Statement<{ at: number | null }> = {
  name: 'engine-next-due',
  text: `
    SELECT min(d.at) AS at FROM lane l
    CROSS JOIN LATERAL (
      (SELECT received_at AS at FROM inbox WHERE inbox.lane = l.lane AND contact_id <> ALL (${restrictedOf('l.lane')}) ORDER BY seq LIMIT 1)
      UNION ALL
      (SELECT due_at FROM enrollment WHERE enrollment.lane = l.lane AND due_at IS NOT NULL AND ${RUNS} ORDER BY due_at LIMIT 1)
      UNION ALL
      (SELECT due_at FROM watch WHERE watch.lane = l.lane AND due_at IS NOT NULL AND ${RUNS} ORDER BY due_at LIMIT 1)
      UNION ALL
      (SELECT due_at FROM message WHERE message.lane = l.lane AND status = 'held' AND ${RUNS} ORDER BY due_at LIMIT 1)
      UNION ALL
      (SELECT expires_at FROM consent_state WHERE consent_state.lane = l.lane AND expires_at IS NOT NULL AND ${RUNS} ORDER BY expires_at LIMIT 1)
    ) d`,
};
