import { standingAgainstAddresses } from '../../consent/index.ts';
import type { Statement } from '../../database/index.ts';

/** What a person's own page shows of them. */
export interface PersonRow {
  id: string;
  userId: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  birthday: string | null;
  country: string | null;
  locale: string | null;
  restricted: boolean;
  objects: boolean;
}

const PERSON = `
    SELECT c.id, c.user_id AS "userId", c.email, c.first_name AS "firstName", c.last_name AS "lastName", c.birthday, c.country,
           c.locale,
           EXISTS (SELECT FROM restriction r WHERE r.lane = c.lane AND r.contact_id = c.id AND r.lifted_at IS NULL) AS restricted,
           EXISTS (SELECT FROM suppression s WHERE s.lane = c.lane AND s.contact_id = c.id AND s.reason = 'objection') AS objects
    FROM contact c`;

/** Contact $2 of lane $1, if a backend knows it by a name. */
export const personById: Statement<PersonRow> = {
  name: 'rights-person-by-id',
  text: `${PERSON} WHERE c.lane = $1 AND c.id = $2 AND c.user_id IS NOT NULL`,
};

/**
 * SQL: who has the email address $1, in any case; at most five, since several may share one. Of all lanes, by an index that
 * knows none. Addresses that have bounced are not written to.
 */
export const PEOPLE_BY_EMAIL = `
      SELECT c.lane, c.id FROM contact c
      WHERE c.lane >= 0 AND lower(c.email) = lower($1) AND c.user_id IS NOT NULL
        AND NOT EXISTS (
          ${standingAgainstAddresses('(VALUES (c.lane, c.id))')} AND v.channel = 'email' AND a.reason = 'hard-bounce')
      LIMIT 5`;
