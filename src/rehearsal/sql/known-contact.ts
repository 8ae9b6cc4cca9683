import type { PastMessage } from '../../audience/index.ts';
import type { ConsentState } from '../../consent/index.ts';
import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS, type Enrollment, type Watch } from '../../engine/index.ts';
import type { CustomerEvent } from '../../events/index.ts';
import type { CountedSend, Message } from '../../gate/index.ts';

// All of one contact, lane $1 and id $2, as of an instant. Cold: run once a rehearsal.

/** Passages through scenarios $3 that had begun by $4. */
export const knownEnrollments: Statement<Enrollment> = {
  name: 'rehearsal-enrollments',
  text: `
    SELECT e.id, e.contact_id AS "contactId", e.scenario_id AS "scenarioId", e.scenario_version AS "scenarioVersion", e.key,
           e.status, e.state, e.entry, e.entered_at AS "enteredAt", e.step_entered_at AS "stepEnteredAt",
           e.ended_at AS "endedAt", e.converted_at AS "convertedAt", e.due_at AS "dueAt", e.planned, e.reason
    FROM enrollment e
    WHERE e.lane = $1 AND e.contact_id = $2 AND e.scenario_id = ANY ($3::text[])
      AND e.entered_at <= to_timestamp($4::float8 / 1000)
    ORDER BY e.entered_at, e.id`,
};

export const knownWatches: Statement<Watch> = {
  name: 'rehearsal-watches',
  text: `
    SELECT w.contact_id AS "contactId", w.scenario_id AS "scenarioId", w.due_at AS "dueAt", w.fired
    FROM watch w WHERE w.lane = $1 AND w.contact_id = $2`,
};

/** Events of the names $3 that had arrived by $4, oldest first. */
export const knownEvents: Statement<CustomerEvent> = {
  name: 'rehearsal-events',
  text: `
    SELECT e.id, e.contact_id AS "contactId", e.user_id AS "userId", e.seq, e.type, e.name, e.at,
           e.received_at AS "receivedAt", e.properties, e.historical, e.active
    FROM event e
    WHERE e.lane = $1 AND e.contact_id = $2 AND e.name = ANY ($3::text[])
      AND e.received_at <= to_timestamp($4::float8 / 1000)
    ORDER BY e.at, e.seq`,
};

/** What is in the air is taken to have left at once, as a virtual clock has it. */
const AT = `CASE WHEN m.status IN ('ready', 'handing') THEN m.due_at ELSE m.counted_at END`;

/** What had used room by $4, and after $3. */
export const knownSends: Statement<CountedSend> = {
  name: 'rehearsal-sends',
  text: `
    SELECT m.id AS "messageId", ${AT} AS at, m.channel, m.category, m.programme,
           m.scenario_id AS "scenarioId", m.campaign, m.sender, m.purpose, m.parts, m.counts_toward AS "countsToward", m.clicked_at IS NOT NULL AS clicked
    FROM message m
    WHERE m.lane = $1 AND m.contact_id = $2 AND m.counted_at > to_timestamp($3::float8 / 1000)
      AND ${AT} <= to_timestamp($4::float8 / 1000)
    ORDER BY at, m.id`,
};

/** What had been handed over by $3. */
export const knownMessages: Statement<PastMessage> = {
  name: 'rehearsal-messages',
  text: `
    SELECT m.template, m.scenario_id AS "scenarioId", m.channel, m.sender, m.settled_at AS "sentAt",
           m.delivered_at AS "deliveredAt", m.bounced_at AS "bouncedAt", m.opened_at AS "openedAt", m.clicked_at AS "clickedAt"
    FROM message m
    WHERE m.lane = $1 AND m.contact_id = $2 AND m.status IN ('sent', 'unknown')
      AND m.settled_at <= to_timestamp($3::float8 / 1000)
    ORDER BY m.settled_at`,
};

/** What is on its way. */
export const pendingMessages: Statement<Message> = {
  name: 'rehearsal-pending',
  text: `
    SELECT ${MESSAGE_COLUMNS}
    FROM message m
    WHERE m.lane = $1 AND m.contact_id = $2 AND m.status IN ('held', 'ready', 'handing')
    ORDER BY m.planned_at, m.id`,
};

/** The consent ledger as it stood at $3. */
export const knownLedger: Statement<ConsentState> = {
  name: 'rehearsal-ledger',
  text: `
    SELECT e.channel, e.purpose, e.brand, e.action AS state, e.at, e.legal_basis AS "legalBasis"
    FROM consent_entry e
    WHERE e.lane = $1 AND e.contact_id = $2 AND e.at <= to_timestamp($3::float8 / 1000)
      AND e.recorded_at <= to_timestamp($3::float8 / 1000)
    ORDER BY e.ordinal`,
};

/** Since when it is restricted. */
export const restrictedSince: Statement<{ at: number }> = {
  name: 'rehearsal-restricted-since',
  text: 'SELECT r.at FROM restriction r WHERE r.lane = $1 AND r.contact_id = $2 AND r.lifted_at IS NULL',
};
