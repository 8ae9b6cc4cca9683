import { plainArray, type Sql, type Statement } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { holdChains, holdContacts } from './contact-lock.store.ts';
import { chain, type ConsentEntry } from './entry.ts';
import { writeLedgers } from './ledger.store.ts';

/** Which of the contacts (lanes $1, ids $2, parallel) have a ledger. */
const withLedger: Statement<{ contactId: Id }> = {
  name: 'consent-with-ledger',
  text: `
    SELECT e.contact_id AS "contactId" FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN consent_entry e ON e.lane = k.lane AND e.contact_id = k.id AND e.ordinal = 1`,
};

/** The first entries of one contact. */
export interface FirstEntries {
  contactId: Id;
  entries: readonly ConsentEntry[];
}

/**
 * Opens the ledgers of many contacts at once, for what comes in bulk: as `appendToLedger`, in a fixed number of statements whatever
 * their number, and inside a transaction. A contact that has a ledger is left as it is: what is known of it is never
 * followed by older news. Returns how many entries were written.
 */
export async function openLedgers(sql: Sql, ledgers: readonly FirstEntries[], recordedAt: Instant): Promise<number> {
  const ids = ledgers.map(({ contactId }) => contactId);
  await holdContacts(sql, ids);
  await holdChains(sql, ids);
  const known = new Set(
    (await sql.run(withLedger, [plainArray(ids.map(laneOf)), plainArray(ids)])).map(({ contactId }) => contactId),
  );
  const fresh = ledgers.filter(({ contactId }) => !known.has(contactId));

  const chains = fresh
    .filter(({ entries }) => entries.length > 0)
    .map(({ contactId, entries }) => chain(contactId, null, entries, recordedAt));
  if (chains.length > 0) await writeLedgers(sql, chains);
  return chains.flat().length;
}
