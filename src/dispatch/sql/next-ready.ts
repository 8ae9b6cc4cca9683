import type { Statement } from '../../database/index.ts';
import { HAD, isFree } from './message-locks.ts';

/**
 * When the dispatcher has something to do next on the channels $1; null when nothing waits. Lanes $2. What another has
 * claimed is its business; what another is handing over is looked at when its lease ends, and again every second while
 * that one lives: not before $3.
 */
export const nextReady: Statement<{ at: number | null }> = {
  name: 'dispatch-next-ready',
  text: `
    WITH ${HAD}
    SELECT min(d.at) AS at FROM unnest($2::smallint[]) AS l(lane)
    CROSS JOIN LATERAL (
      (SELECT min(due_at) AS at FROM message
       WHERE message.lane = l.lane AND status = 'ready' AND channel = ANY ($1::text[]) AND ${isFree('id')})
      UNION ALL
      (SELECT greatest(lease_until, to_timestamp($3::float8 / 1000)) FROM message
       WHERE message.lane = l.lane AND status = 'handing' ORDER BY lease_until LIMIT 1)
    ) d`,
};
