import type { Statement } from '../../database/index.ts';

/** What the page behind a link shows of contact $2 in lane $1, channel $3, purpose $4 and brand $5. Always one row. */
export const linkFacts: Statement<{ locale: string | null; state: string | null }> = {
  name: 'consent-link-facts',
  text: `
    SELECT (SELECT locale FROM contact WHERE lane = $1 AND id = $2) AS locale,
           (SELECT state FROM consent_state WHERE lane = $1 AND contact_id = $2 AND channel = $3 AND purpose = $4 AND brand = $5) AS state`,
};
