import type { ConsentState } from '../../consent/index.ts';
import type { Statement } from '../../database/index.ts';

/** What the contacts of lanes $1 and ids $2 have said last, by channel, purpose and brand. */
export const loadConsents: Statement<ConsentState & { contactId: string }> = {
  name: 'engine-load-consents',
  text: `
    SELECT s.contact_id AS "contactId", s.channel, s.purpose, nullif(s.brand, '') AS brand, s.state, s.at,
           s.legal_basis AS "legalBasis", s.requested_at AS "requestedAt", s.expires_at AS "expiresAt",
           s.address_mark AS "addressMark", s.asked_at AS "askedAt"
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN consent_state s ON s.lane = k.lane AND s.contact_id = k.id`,
};
