import { plainArray, type Sql } from '../database/index.ts';
import { laneOf, LANES, type Id } from '../shared/ids.ts';
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

/** Where a walk through the ledger has come to: behind a contact of a lane, or at its beginning. */
export interface Place {
  lane: number;
  after: Id | null;
}

/** Verifies up to `most` contacts of a lane after an id, in a snapshot: entries are appended meanwhile; `next` is where to go on, null at the lane's end. */
export async function verifyPart(
  sql: Sql,
  lane: number,
  after: Id | null,
  most: number,
): Promise<Verified & { next: Id | null }> {
  const { found, next } = await contactsAfter(sql, { lane, after }, most);
  return { ...(await verify(sql, found)), next };
}

/**
 * Verifies the next `most` contacts, of as many lanes as it takes but of none twice, in a snapshot: a statement a lane, and
 * three for all of them. `next` is where to go on; `ended` tells that the last lane was done.
 */
export async function verifyNext(
  sql: Sql,
  place: Place,
  most: number,
): Promise<Verified & { next: Place; ended: boolean }> {
  const all: Found[] = [];
  let { lane, after } = place;
  let ended = false;
  for (let lanes = 0; lanes < LANES && all.length < most; lanes += 1) {
    const { found, next } = await contactsAfter(sql, { lane, after }, most - all.length);
    all.push(...found);
    after = next;
    if (next !== null) break;
    lane = (lane + 1) % LANES;
    ended ||= lane === 0;
  }
  return { ...(await verify(sql, all)), next: { lane, after }, ended };
}

/** Verifies what is kept of one contact. */
export function verifyContact(sql: Sql, contactId: Id): Promise<Verified> {
  return verify(sql, [{ lane: laneOf(contactId), contactId }]);
}

/** Of whom something is kept in a lane; a row that was moved is found where it is. */
interface Found {
  lane: number;
  contactId: Id;
}

async function contactsAfter(
  sql: Sql,
  { lane, after }: Place,
  most: number,
): Promise<{ found: Found[]; next: Id | null }> {
  const found = (await sql.run(contactsWithConsent, [lane, after ?? FIRST, most])).map(({ contactId }) => ({
    lane,
    contactId,
  }));
  return { found, next: found.length < most ? null : found.at(-1)!.contactId };
}

interface Kept extends KeptConsent {
  entries: KeptConsent['entries'][number][];
  states: KeptConsent['states'][number][];
}

async function verify(sql: Sql, found: readonly Found[]): Promise<Verified> {
  if (found.length === 0) return { contactIds: [], entries: 0, flaws: [] };
  const ids = found.map(({ contactId }) => contactId);
  const keys = [plainArray(found.map(({ lane }) => lane)), plainArray(ids)];
  const kept = new Map<string, Kept>();
  const keptOf = ({ lane, contactId }: Found): Kept => kept.get(`${lane} ${contactId}`)!;
  for (const { lane, contactId } of found)
    kept.set(`${lane} ${contactId}`, { lane, contactId, entries: [], head: null, states: [] });
  const rows = await sql.run(chainsOf, keys);
  for (const row of rows) keptOf(row).entries.push({ entry: entryOf(row), exact: row.exact });
  for (const { ordinal, hash, ...of } of await sql.run(headsOf, keys)) keptOf(of).head = { ordinal, hash };
  for (const { contactId, ...state } of await sql.run(statesOf, keys))
    keptOf({ lane: state.lane, contactId }).states.push(state);
  return { contactIds: ids, entries: rows.length, flaws: [...kept.values()].flatMap(flawsOf) };
}
