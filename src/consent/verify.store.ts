import { plainArray, type Sql } from '../database/index.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { entryOf } from './ledger.store.ts';
import { chainsOf, contactsWithConsent, headsOf, statesOf } from './sql/append-entries.ts';
import { flawsOf, type Flaw, type KeptConsent } from './verify.ts';

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** What was looked at, and what is wrong with it. */
export interface Verified {
  contactIds: readonly Id[];
  /** How many were looked at. */
  entries: number;
  flaws: Flaw[];
}

/** Verifies up to `most` contacts of a lane after an id, in a snapshot: entries are appended meanwhile; `next` is where to go on, null at the lane's end. */
export async function verifyPart(
  sql: Sql,
  lane: number,
  after: Id | null,
  most: number,
): Promise<Verified & { next: Id | null }> {
  const ids = (await sql.run(contactsWithConsent, [lane, after ?? FIRST, most])).map(({ contactId }) => contactId);
  if (ids.length === 0) return { contactIds: [], entries: 0, flaws: [], next: null };
  const verified = await verify(
    sql,
    ids.map(() => lane),
    ids,
  );
  return { ...verified, next: ids.length < most ? null : ids.at(-1)! };
}

/** Verifies what is kept of one contact. */
export function verifyContact(sql: Sql, contactId: Id): Promise<Verified> {
  return verify(sql, [laneOf(contactId)], [contactId]);
}

interface Found extends KeptConsent {
  entries: KeptConsent['entries'][number][];
  states: KeptConsent['states'][number][];
}

async function verify(sql: Sql, lanes: readonly number[], ids: readonly Id[]): Promise<Verified> {
  const keys = [plainArray(lanes), plainArray(ids)];
  const kept = new Map<Id, Found>();
  for (const [index, contactId] of ids.entries())
    kept.set(contactId, { lane: lanes[index]!, contactId, entries: [], head: null, states: [] });
  const rows = await sql.run(chainsOf, keys);
  for (const row of rows) kept.get(row.contactId)!.entries.push({ entry: entryOf(row), exact: row.exact });
  for (const { contactId, ordinal, hash } of await sql.run(headsOf, keys))
    kept.get(contactId)!.head = { ordinal, hash };
  for (const { contactId, ...state } of await sql.run(statesOf, keys)) kept.get(contactId)!.states.push(state);
  return { contactIds: ids, entries: rows.length, flaws: [...kept.values()].flatMap(flawsOf) };
}
