import type { Statement } from '../../database/index.ts';

/** Who opens a link that confirms: contact $2 of lane $1; absent when erased. `objects`: nothing may be sent whatever is confirmed. */
export const confirmFacts: Statement<{ locale: string | null; email: string | null; objects: boolean }> = {
  name: 'consent-confirm-facts',
  text: `
    SELECT c.locale, c.email, EXISTS (
      SELECT FROM suppression s WHERE s.lane = c.lane AND s.contact_id = c.id AND s.channel = '*'
    ) AS objects
    FROM contact c WHERE c.lane = $1 AND c.id = $2`,
};
