import type { PastEvent } from '../../../audience/index.ts';
import type { Statement } from '../../../database/index.ts';

/** When scenario $1 was published first, and whether it takes nobody in any more. One row; null when it never was. */
export const scenarioStanding: Statement<{ since: number | null; retired: boolean }> = {
  name: 'explain-scenario-standing',
  text: `
    SELECT min(published_at) AS since, coalesce((array_agg(retired_at ORDER BY version DESC))[1] IS NOT NULL, false) AS retired
    FROM scenario_version WHERE scenario_id = $1`,
};

/** The last event named $3 that arrived of contact $2 in lane $1. */
export const latestEvent: Statement<PastEvent> = {
  name: 'explain-latest-event',
  text: `
    SELECT e.name, e.at, e.received_at AS "receivedAt", e.seq, e.properties, e.historical, e.active
    FROM event e WHERE e.lane = $1 AND e.contact_id = $2 AND e.name = $3
    ORDER BY e.seq DESC LIMIT 1`,
};

/** Whether processing of contact $2 in lane $1 is restricted now. */
export const isRestricted: Statement<{ restricted: boolean }> = {
  name: 'explain-is-restricted',
  text: `
    SELECT EXISTS (
      SELECT FROM restriction r WHERE r.lane = $1 AND r.contact_id = $2 AND r.lifted_at IS NULL
    ) AS restricted`,
};
