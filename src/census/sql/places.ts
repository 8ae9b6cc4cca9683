import type { Statement } from '../../database/index.ts';

/** How many contacts each lane has, by what tells where they are. */
export const countByPlace: Statement<{
  lane: number;
  timezone: string | null;
  country: string | null;
  count: number;
}> = {
  name: 'census-places',
  text: `
    SELECT c.lane, c.timezone, c.country, count(*) AS count
    FROM contact c
    GROUP BY c.lane, c.timezone, c.country
    ORDER BY c.lane`,
};

/** No statement of this transaction runs for longer than $1 milliseconds. */
export const limitRunning: Statement = {
  name: 'census-limit-running',
  text: `SELECT set_config('statement_timeout', $1::text, true)`,
};
