import { contactIdOf, laneOf } from '../../shared/ids.ts';
import type { Sql, Statement } from '../../database/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';

/** The latest value of a field that was sent and could not be read, until one comes that can. */
export interface RefusedValue {
  /** As it was sent, in JSON, shortened. */
  value: string;
  message: string;
  hint: string;
  at: string;
}

interface ProfileRow {
  userId: string | null;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  birthday: string | null;
  locale: string | null;
  timezone: string | null;
  country: string | null;
  createdAt: Instant;
  attributes: Record<string, unknown>;
  refused: Record<string, RefusedValue>;
}

/** A contact as it is known, with what was refused of its fields. */
export type Profile = Omit<ProfileRow, 'createdAt'> & { createdAt: string };

/**
 * Contact $2 of lane $1. A refused trait is shown until an identify that came later names it with a value that could be
 * read, or clears it: what was refused is not in an event's properties.
 */
const readProfile: Statement<ProfileRow> = {
  name: 'explain-profile',
  text: `
    SELECT c.user_id AS "userId", c.email, c.phone, c.first_name AS "firstName", c.last_name AS "lastName", c.birthday, c.locale,
           c.timezone, c.country, c.created_at AS "createdAt", c.attributes,
           coalesce((
             SELECT jsonb_object_agg(r.trait, jsonb_build_object('value', r.value, 'message', r.message, 'hint', r.hint,
                      'at', to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
             FROM refused_trait r
             WHERE r.lane = c.lane AND r.contact_id = c.id AND NOT EXISTS (
               SELECT FROM event e
               WHERE e.lane = r.lane AND e.contact_id = r.contact_id AND e.name = 'Identified' AND e.received_at > r.at
                 AND e.properties ? r.trait)
           ), '{}') AS refused
    FROM contact c WHERE c.lane = $1 AND c.id = $2`,
};

/** The contact a backend calls `userId`; null when there is none. */
export async function contactProfile(sql: Sql, userId: string): Promise<Profile | null> {
  const id = contactIdOf(userId);
  const [row] = await sql.run(readProfile, [laneOf(id), id]);
  return row === undefined ? null : { ...row, createdAt: formatInstant(row.createdAt) };
}
