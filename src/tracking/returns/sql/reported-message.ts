import type { Statement } from '../../../database/index.ts';
import type { Channel } from '../../../shared/channel.ts';

/** What a report needs to know of its message and of whom it was for. */
export interface ReportedRow {
  id: string;
  month: string;
  contactId: string;
  channel: Channel;
  status: string;
  attempts: number;
  settledAt: number | null;
  purpose: string;
  sender: string;
  scenarioId: string;
  programme: string;
  step: string;
  template: string;
  /** Null when the contact is gone. */
  userId: string | null;
  email: string | null;
  phone: string | null;
}

const COLUMNS = `
  m.id, m.month, m.contact_id AS "contactId", m.channel, m.status, m.attempts, m.settled_at AS "settledAt", m.purpose,
  m.sender, m.scenario_id AS "scenarioId", m.programme, m.step, m.template, c.user_id AS "userId", c.email, c.phone`;

/**
 * Message $2 of lane $1, planned in one of the months $3, locked: reports about one message follow each other, and a
 * hand-over that is being written down is waited for.
 */
export const reportedById: Statement<ReportedRow> = {
  name: 'tracking-reported-by-id',
  text: `
    SELECT ${COLUMNS} FROM message m LEFT JOIN contact c ON c.lane = m.lane AND c.id = m.contact_id
    WHERE m.lane = $1 AND m.month = ANY ($3::date[]) AND m.id = $2
    FOR UPDATE OF m`,
};

/** The text message that its provider calls $2, of whichever of the lanes $1: the provider does not know ours. */
export const idOfProvided: Statement<{ id: string }> = {
  name: 'tracking-id-of-provided',
  text: `
    SELECT f.id FROM unnest($1::smallint[]) AS l(lane)
    CROSS JOIN LATERAL (
      SELECT id FROM message m WHERE m.lane = l.lane AND m.channel = 'sms' AND m.provider_id = $2 LIMIT 2
    ) f
    LIMIT 2`,
};
