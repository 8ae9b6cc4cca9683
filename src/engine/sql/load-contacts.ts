import type { Statement } from '../../database/index.ts';
import type { Contact } from '../../contacts/index.ts';

export type ContactRow = Contact & { maxPerWeek: number | null; pauseUntil: number | null };

/** The contacts of lanes $1 and ids $2 (pairwise). */
export const loadContacts: Statement<ContactRow> = {
  name: 'engine-load-contacts',
  text: `
    SELECT c.id, c.user_id AS "userId", c.email, c.phone, c.first_name AS "firstName", c.last_name AS "lastName", c.birthday,
           c.locale, c.timezone, c.country, c.created_at AS "createdAt", c.attributes,
           c.max_per_week AS "maxPerWeek", c.pause_until AS "pauseUntil"
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN contact c ON c.lane = k.lane AND c.id = k.id`,
};
