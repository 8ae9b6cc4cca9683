import type { Statement } from '../../database/index.ts';
import type { Given } from '../recipients/recipients.ts';

/**
 * To whom data of contact $2 of lane $1 went, and by what scenario. Calls that were made, not one that was refused before
 * anything was sent; of their addresses scheme and host alone, for the rest may name the person. Messages that a provider
 * took, refused, or may have taken; what the outbox captured went to nobody.
 */
export const givenTo: Statement<Given> = {
  name: 'rights-given-to',
  text: `
    SELECT DISTINCT 'webhook' AS by, substring(url from '(?i)^https?://[^/?#\\\\]+') AS origin, scenario_id AS scenario, true AS sure
    FROM webhook_call
    WHERE lane = $1 AND contact_id = $2 AND attempts > 0 AND NOT (status = 'failed' AND status_code IS NULL AND attempts = 1)
    UNION
    SELECT channel, NULL, scenario_id, status = 'sent'
    FROM message
    WHERE lane = $1 AND contact_id = $2
      AND (status IN ('failed', 'unknown', 'handing') OR (status = 'sent' AND NOT starts_with(coalesce(provider_id, ''), 'captured-')))
    ORDER BY 1, 2, 3, 4`,
};
