import type { PastEvent, PastMessage } from '../../audience/index.ts';
import type { Statement } from '../../database/index.ts';

/**
 * Past events of the names each contact's machines ask for: lanes $1, ids $2 and names $3 are parallel. Oldest first.
 * $4 is the latest month there can be anything of: the parts made ahead are left out.
 */
export const loadHistory: Statement<PastEvent & { contactId: string }> = {
  name: 'engine-load-history',
  text: `
    SELECT e.contact_id AS "contactId", e.name, e.at, e.received_at AS "receivedAt", e.seq, e.properties, e.historical, e.active
    FROM unnest($1::smallint[], $2::uuid[], $3::text[]) AS k(lane, id, name)
    JOIN event e ON e.lane = k.lane AND e.contact_id = k.id AND e.name = k.name AND e.month <= $4::date
    ORDER BY e.at, e.seq`,
};

/** Messages handed over to the contacts of lanes $1 and ids $2; $3 as $4 above. */
export const loadPastMessages: Statement<PastMessage & { contactId: string }> = {
  name: 'engine-load-past-messages',
  text: `
    SELECT m.contact_id AS "contactId", m.template, m.scenario_id AS "scenarioId", m.channel, m.sender, m.settled_at AS "sentAt",
           m.delivered_at AS "deliveredAt", m.bounced_at AS "bouncedAt", m.opened_at AS "openedAt", m.clicked_at AS "clickedAt"
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN message m ON m.lane = k.lane AND m.contact_id = k.id AND m.status IN ('sent', 'unknown') AND m.month <= $3::date
    ORDER BY m.settled_at`,
};

/** The latest event of the listed names: one row a contact (lanes $1, ids $2), scenario $3 and name $4, parallel; $5 as $4 above. */
export const loadLastActivity: Statement<PastEvent & { contactId: string; scenarioId: string }> = {
  name: 'engine-load-last-activity',
  text: `
    SELECT DISTINCT ON (k.id, k.scenario) k.id AS "contactId", k.scenario AS "scenarioId", e.name, e.at,
           e.received_at AS "receivedAt", e.seq, '{}'::jsonb AS properties, e.historical, e.active
    FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[]) AS k(lane, id, scenario, name)
    CROSS JOIN LATERAL (
      SELECT * FROM event WHERE event.lane = k.lane AND event.contact_id = k.id AND event.name = k.name AND event.active
        AND event.month <= $5::date
      ORDER BY event.at DESC, event.seq DESC LIMIT 1
    ) e
    ORDER BY k.id, k.scenario, e.at DESC, e.seq DESC`,
};
