import { standingAgainstAddresses, type Suppression } from '../../consent/index.ts';
import type { Statement } from '../../database/index.ts';

const KEYS = 'unnest($1::smallint[], $2::uuid[])';

/** What forbids sending to the contacts of lanes $1 and ids $2: what stands against them, and against their addresses. */
export const loadSuppressions: Statement<Suppression & { contactId: string }> = {
  name: 'engine-load-suppressions',
  text: `
    SELECT p.contact_id AS "contactId", p.channel, NULL AS address, NULL AS sender, p.reason, p.at, NULL AS purpose, NULL AS brand
    FROM ${KEYS} AS k(lane, id)
    JOIN suppression p ON p.lane = k.lane AND p.contact_id = k.id
    UNION ALL ${standingAgainstAddresses(KEYS)}`,
};
