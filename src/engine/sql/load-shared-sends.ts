import type { Statement } from '../../database/index.ts';
import type { CountedSend } from '../../gate/index.ts';
import type { Sharer } from '../world.ts';
import { IN_AIR_FROM } from './message-columns.ts';

/** A holder of a shared address with one of its sends, or with none. */
export type SharedRow = Sharer & (CountedSend | { messageId: null });

/** `$1` to `$6` as below; `which` says of which rows of `address` a, and of which of their holders h. */
const sharedSends = (which: { address: string; holder: string }): string => `
    SELECT k.id AS address, h.contact_id AS "contactId", m.id AS "messageId", m.counted_at AS at, ${IN_AIR_FROM}, m.channel, m.category,
           m.programme, m.scenario_id AS "scenarioId", m.campaign, m.sender, m.purpose, m.parts,
           m.counts_toward AS "countsToward", m.clicked_at IS NOT NULL AS clicked
    FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[]) AS k(lane, id, channel, text)
    JOIN address a ON a.lane = k.lane AND a.id = k.id AND ${which.address}
    CROSS JOIN LATERAL (
      SELECT (get_byte(uuid_send(h.contact_id), 0) % 64)::smallint AS lane, h.contact_id FROM unnest(a.holders) AS h(contact_id)
      WHERE ${which.holder}
    ) h
    JOIN contact c ON c.lane = h.lane AND c.id = h.contact_id
      AND lower(CASE k.channel WHEN 'email' THEN c.email ELSE c.phone END) = k.text
    LEFT JOIN LATERAL (
      SELECT * FROM message
      WHERE message.lane = h.lane AND message.contact_id = h.contact_id AND message.month <= $5::date
        AND message.channel = k.channel
        AND message.counted_at > to_timestamp($6::float8 / 1000)
      ORDER BY message.lane, message.contact_id, message.counted_at
      OFFSET 0
    ) m ON true
    ORDER BY m.counted_at, m.id`;

/**
 * What used room after $6 at the addresses of lanes $1, ids $2, channels $3 and texts $4 (in lower case), where several
 * contacts have one: of each of them who has it now, with a row also for whoever was sent nothing. $5 is the latest
 * month, as in load-messages.ts. A contact's lane is told by its id's first byte.
 */
export const loadSharedSends: Statement<SharedRow> = {
  name: 'engine-load-shared-sends',
  text: sharedSends({ address: 'cardinality(a.holders) > 1', holder: 'true' }),
};

/** The same of the others than contact $7, for whoever only looks: a message need not have been judged for that contact yet. */
export const lookAtSharedSends: Statement<SharedRow> = {
  name: 'engine-look-at-shared-sends',
  text: sharedSends({ address: 'true', holder: 'h.contact_id <> $7::uuid' }),
};
