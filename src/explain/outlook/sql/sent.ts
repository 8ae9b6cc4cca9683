import type { Statement } from '../../../database/index.ts';
import type { Channel } from '../../../shared/channel.ts';
import type { Instant } from '../../../shared/clock.ts';

/** The sends of one channel: within so many days, in all that is kept, and when the first and the last of these were. */
export interface SentCount {
  channel: Channel;
  days1: number;
  days7: number;
  days30: number;
  days90: number;
  days365: number;
  all: number;
  first: Instant;
  last: Instant;
}

/** Of one that is in the air, when it may leave first. */
const AT = `CASE WHEN m.status IN ('ready', 'handing') THEN m.due_at ELSE m.counted_at END`;
const within = (days: number): string =>
  `count(*) FILTER (WHERE ${AT} > to_timestamp($3::float8 / 1000) - interval '${days * 24} hours')::int AS days${days}`;

/** What used room of contact $2 in lane $1, by channel, seen from $3. */
export const countSent: Statement<SentCount> = {
  name: 'explain-count-sent',
  text: `
    SELECT m.channel, ${[1, 7, 30, 90, 365].map(within).join(', ')}, count(*)::int AS "all",
           min(${AT}) AS first, max(${AT}) AS last
    FROM message m WHERE m.lane = $1 AND m.contact_id = $2 AND m.counted_at IS NOT NULL
    GROUP BY m.channel ORDER BY m.channel`,
};
