import type { Statement } from '../../database/index.ts';
import type { CountedSend } from '../../gate/index.ts';
import { IN_AIR_FROM } from './message-columns.ts';

/**
 * What used room after $4, oldest first, of the contacts of lanes $1 and ids $2: what the pressure windows count.
 * $3 as in load-messages.ts. The inner order has only one index to come from, that of the sends of a contact: by a
 * plain join the first plan, made while the table is empty, takes the primary key and reads the whole lane for each.
 * What is asked for is kept from the planner: for one contact it would plan anew each time, 3 ms with years of months,
 * for a plan that is the same.
 */
export const loadSends: Statement<CountedSend & { contactId: string }> = {
  name: 'engine-load-sends',
  text: `
    SELECT m.contact_id AS "contactId", m.id AS "messageId", m.counted_at AS at, ${IN_AIR_FROM}, m.channel, m.category, m.programme,
           m.scenario_id AS "scenarioId", m.campaign, m.sender, m.purpose, m.parts, m.counts_toward AS "countsToward", m.clicked_at IS NOT NULL AS clicked
    FROM unnest((SELECT $1::smallint[]), (SELECT $2::uuid[])) AS k(lane, id)
    CROSS JOIN LATERAL (
      SELECT * FROM message
      WHERE message.lane = k.lane AND message.contact_id = k.id AND message.month <= $3::date
        AND message.counted_at > (SELECT to_timestamp($4::float8 / 1000))
      ORDER BY message.lane, message.contact_id, message.counted_at
      OFFSET 0
    ) m
    ORDER BY m.counted_at, m.id`,
};
