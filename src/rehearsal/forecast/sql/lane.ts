import type { PastEvent } from '../../../audience/index.ts';
import type { ConsentState } from '../../../consent/index.ts';
import type { Statement } from '../../../database/index.ts';
import { MESSAGE_COLUMNS, type InboxRow } from '../../../engine/index.ts';
import type { CustomerEvent } from '../../../events/index.ts';
import type { Message } from '../../../gate/index.ts';
import type { Id } from '../../../shared/ids.ts';

// A forecast reads a lane once: who may be concerned, then those in slices. All see the same instant (see database/snapshot.ts).

/** Contacts of the lanes $1. */
export const countContacts: Statement<{ contacts: number }> = {
  name: 'forecast-count-contacts',
  text: 'SELECT count(*) AS contacts FROM contact WHERE lane = ANY ($1::smallint[])',
};

/** The contacts of lane $1 who are inside one of the scenarios $2 (all, when it is null) and whom nothing moves before $3. */
export const waitingContacts: Statement<{ id: Id }> = {
  name: 'forecast-waiting-contacts',
  text: `
    SELECT DISTINCT contact_id AS id FROM enrollment
    WHERE lane = $1 AND ended_at IS NULL AND ($2::text[] IS NULL OR scenario_id = ANY ($2::text[]))
      AND (due_at IS NULL OR due_at >= to_timestamp($3::float8 / 1000))`,
};

/** Every contact of lane $1. */
export const everyContact: Statement<{ id: Id }> = {
  name: 'forecast-every-contact',
  text: 'SELECT id FROM contact WHERE lane = $1 ORDER BY id',
};

/**
 * The contacts of lane $1 to whom something happens by itself before $2: a watch, timer or held message comes due, or
 * something is on its way already.
 */
export const concernedContacts: Statement<{ id: Id }> = {
  name: 'forecast-concerned-contacts',
  text: `
    SELECT contact_id AS id FROM watch WHERE lane = $1 AND due_at < to_timestamp($2::float8 / 1000)
    UNION
    SELECT contact_id FROM enrollment WHERE lane = $1 AND due_at < to_timestamp($2::float8 / 1000)
    UNION
    SELECT contact_id FROM message WHERE lane = $1 AND status IN ('held', 'ready', 'handing')
    UNION
    SELECT contact_id FROM inbox WHERE lane = $1
    ORDER BY id`,
};

/** The contacts of lane $1 with an event of the names $4 received since $2, or who came since then; $3 is its month. */
export const heardContacts: Statement<{ id: Id }> = {
  name: 'forecast-heard-contacts',
  text: `
    SELECT contact_id AS id FROM event
    WHERE lane = $1 AND month >= $3::date AND received_at >= to_timestamp($2::float8 / 1000) AND name = ANY ($4::text[])
    UNION
    SELECT id FROM contact WHERE lane = $1 AND created_at >= to_timestamp($2::float8 / 1000)
    ORDER BY id`,
};

/**
 * All events of the names $3 of the contacts of lanes $1 and ids $2; $4 is the latest month there can be anything of. What a
 * tick loads by engine/sql/load-history.ts; here every contact is asked about the same names, so that one probe of an index
 * finds those of all.
 */
export const pastEvents: Statement<PastEvent & { contactId: Id }> = {
  name: 'forecast-past-events',
  text: `
    SELECT e.contact_id AS "contactId", e.name, e.at, e.received_at AS "receivedAt", e.seq, e.properties, e.historical, e.active
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN event e ON e.lane = k.lane AND e.contact_id = k.id AND e.name = ANY ($3::text[]) AND e.month <= $4::date
    ORDER BY e.at, e.seq`,
};

/** Events of the names $3 that the contacts of lanes $1 and ids $2 were heard by since $4, whose month is $5, in the order of arrival. */
export const heardEvents: Statement<CustomerEvent> = {
  name: 'forecast-heard-events',
  text: `
    SELECT e.id, e.contact_id AS "contactId", e.user_id AS "userId", e.seq, e.type, e.name, e.at,
           e.received_at AS "receivedAt", e.properties, e.historical, e.active
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN event e ON e.lane = k.lane AND e.contact_id = k.id AND e.name = ANY ($3::text[]) AND e.month >= $5::date
                AND e.received_at >= to_timestamp($4::float8 / 1000)
    ORDER BY e.seq`,
};

/** What waits for the engine and concerns the contacts of lanes $1 and ids $2, with the events it stands for; takes nothing. */
export const waitingItems: Statement<InboxRow> = {
  name: 'forecast-waiting-items',
  text: `
    SELECT i.contact_id AS "contactId", i.seq, i.received_at AS "receivedAt", i.kind, i.body, i.id,
           e.user_id AS "userId", e.type, e.name, e.at, e.properties, e.historical, e.active,
           e.context ->> 'timezone' AS timezone, e.context ->> 'locale' AS locale
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN inbox i ON i.lane = k.lane AND i.contact_id = k.id
    LEFT JOIN event e ON e.lane = i.lane AND e.month = i.month AND e.id = i.id
    ORDER BY i.seq, i.id`,
};

/** What the contacts of lanes $1 and ids $2 have said about consent, oldest first. */
export const ledgerOf: Statement<ConsentState & { contactId: Id }> = {
  name: 'forecast-ledger',
  text: `
    SELECT e.contact_id AS "contactId", e.channel, e.purpose, e.brand, e.action AS state, e.at, e.legal_basis AS "legalBasis"
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN consent_entry e ON e.lane = k.lane AND e.contact_id = k.id
    ORDER BY e.contact_id, e.ordinal`,
};

/**
 * What is on its way to the contacts of lanes $1 and ids $2; $3 is the latest month there can be anything of. Unlike a
 * tick's (see engine/sql/load-messages.ts) it locks nothing, and knows what is with the dispatcher.
 */
export const pendingMessages: Statement<Message> = {
  name: 'forecast-pending-messages',
  text: `
    SELECT ${MESSAGE_COLUMNS}
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN message m ON m.lane = k.lane AND m.contact_id = k.id AND m.status IN ('held', 'ready', 'handing') AND m.month <= $3::date
    ORDER BY m.id`,
};

/** Who of lane $1 is restricted (GDPR Art. 18). */
export const restrictedContacts: Statement<{ id: Id }> = {
  name: 'forecast-restricted-contacts',
  text: 'SELECT contact_id AS id FROM restriction WHERE lane = $1 AND lifted_at IS NULL',
};
