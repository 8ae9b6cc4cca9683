import type { Statement } from '../../database/index.ts';

/** Who is restricted of the contacts of lanes $1 and ids $2. */
export const loadRestricted: Statement<{ contactId: string }> = {
  name: 'dispatch-load-restricted',
  text: `
    SELECT r.contact_id AS "contactId" FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN restriction r ON r.lane = k.lane AND r.contact_id = k.id`,
};
