import type { Statement } from '../../database/index.ts';

/** Contacts of lane $1 who are inside one of the scenarios $2, with which of them; the first $4 after the id $3. */
export const contactsInFlight: Statement<{ contactId: string; scenarioIds: string[] }> = {
  name: 'engine-contacts-in-flight',
  text: `
    SELECT contact_id AS "contactId", array_agg(DISTINCT scenario_id) AS "scenarioIds"
    FROM enrollment
    WHERE lane = $1 AND contact_id > $3::uuid AND ended_at IS NULL AND scenario_id = ANY ($2::text[])
    GROUP BY contact_id ORDER BY contact_id LIMIT $4`,
};
