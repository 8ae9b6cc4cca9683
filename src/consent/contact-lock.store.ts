import type { Sql, Statement } from '../database/index.ts';
import type { Id } from '../shared/ids.ts';

/** Keeps these locks apart from others of the database. */
const LOCK_CLASS = 20_587;

/** In order of the hash, so that two callers can never wait for each other. */
const holdAll: Statement = {
  name: 'consent-hold-contacts',
  text: `
    SELECT pg_advisory_xact_lock(${LOCK_CLASS}, k.hash)
    FROM (SELECT DISTINCT hashtext(id) AS hash FROM unnest($1::text[]) AS id ORDER BY 1) k`,
};

/** In the same order. */
const share: Statement = {
  name: 'consent-share-contacts',
  text: `
    SELECT pg_advisory_xact_lock_shared(${LOCK_CLASS}, k.hash)
    FROM (SELECT DISTINCT hashtext(id) AS hash FROM unnest($1::text[]) AS id ORDER BY 1) k`,
};

/**
 * Taken by whatever changes contacts' consent or suppression, before it writes: waits until hand-overs to them that are
 * under way have ended, and lets none begin before the change is committed (rule D4). Whoever calls it holds no such
 * lock yet.
 */
export async function holdContacts(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(holdAll, [contactIds]);
}

/** The same for one. */
export function holdContact(sql: Sql, contactId: Id): Promise<void> {
  return holdContacts(sql, [contactId]);
}

/** Taken by the dispatcher before its last look at consent, and kept until the hand-over has ended (rule D4). */
export async function shareContacts(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(share, [contactIds]);
}
