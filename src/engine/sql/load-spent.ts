import type { Statement } from '../../database/index.ts';

/**
 * Messages of the purposes $3, of which a contact gets one without having consented, that were sent to the contacts of
 * lanes $1 and ids $2 or are on their way: in the statuses $4. $5 is the latest month.
 */
export const loadSpent: Statement<{ contactId: string; purpose: string; messageId: string; plannedAt: number }> = {
  name: 'engine-load-spent',
  text: `
    SELECT m.contact_id AS "contactId", m.purpose, m.id AS "messageId", m.planned_at AS "plannedAt"
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN message m ON m.lane = k.lane AND m.contact_id = k.id AND m.purpose = ANY ($3::text[]) AND m.status = ANY ($4::text[])
      AND m.month <= $5::date
    WHERE EXISTS (
      SELECT FROM consent_state c
      WHERE c.lane = k.lane AND c.contact_id = k.id AND c.purpose = m.purpose AND c.state = 'granted'
        AND c.legal_basis = 'legitimate-interest'
    )`,
};
