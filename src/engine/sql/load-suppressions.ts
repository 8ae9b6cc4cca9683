import type { Suppression } from '../../consent/index.ts';
import type { Statement } from '../../database/index.ts';

/** What forbids sending to the contacts of lanes $1 and ids $2. */
export const loadSuppressions: Statement<Suppression & { contactId: string }> = {
  name: 'engine-load-suppressions',
  text: `
    SELECT s.contact_id AS "contactId", s.channel, nullif(s.address, '') AS address, s.reason, s.at
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN suppression s ON s.lane = k.lane AND s.contact_id = k.id`,
};
