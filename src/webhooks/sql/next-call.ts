import { restrictedOf } from '../../contacts/index.ts';
import type { Statement } from '../../database/index.ts';

/** When a call is due next in the lanes $1, or one that is under way is taken for dead; null when nothing waits. */
export const nextCall: Statement<{ at: number | null }> = {
  name: 'webhooks-next-call',
  text: `
    SELECT min(d.at) AS at FROM unnest($1::smallint[]) AS l(lane)
    CROSS JOIN LATERAL (
      SELECT due_at AS at FROM webhook_call
      WHERE webhook_call.lane = l.lane AND status IN ('ready', 'calling')
        AND contact_id <> ALL (${restrictedOf('l.lane')})
      ORDER BY due_at LIMIT 1
    ) d`,
};
