import type { Sql } from '../database/index.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { withTraits, type Addressee } from './double-opt-in.ts';
import { contactPlace, waitingTraits } from './sql/addressee.ts';

/**
 * Where a contact is and how to reach it, with the traits that wait for the engine: a backend says who somebody is and
 * what they agreed to one right after the other.
 */
export async function addresseeOf(sql: Sql, contactId: Id): Promise<Addressee> {
  const key = [laneOf(contactId), contactId];
  // Waiting first: what the engine takes up in between is then in the contact.
  const waiting = await sql.run(waitingTraits, key);
  const [known = { country: null, timezone: null, email: null }] = await sql.run(contactPlace, key);
  return waiting.reduce((person, { traits }) => withTraits(person, traits), known);
}
