import type { Sql, Statement } from '../database/index.ts';
import { addressKey } from '../shared/address.ts';
import type { Id } from '../shared/ids.ts';

/** Keeps these locks apart from others of the database. */
const LOCK_CLASS = 20_587;
/** Those of addresses. Whoever takes both takes contacts first. */
const ADDRESS_CLASS = 20_588;
/** Those of chains. */
const CHAIN_CLASS = 20_589;

/** In order of the hash, so that two callers can never wait for each other. */
const lockAll = (name: string, lock: string, lockClass: number): Statement => ({
  name,
  text: `
    SELECT ${lock}(${lockClass}, k.hash)
    FROM (SELECT DISTINCT hashtext(key) AS hash FROM unnest($1::text[]) AS key ORDER BY 1) k`,
});

const holdAll = lockAll('consent-hold-contacts', 'pg_advisory_xact_lock', LOCK_CLASS);
const share = lockAll('consent-share-contacts', 'pg_advisory_xact_lock_shared', LOCK_CLASS);
const holdAllAddresses = lockAll('consent-hold-addresses', 'pg_advisory_xact_lock', ADDRESS_CLASS);
const shareAllAddresses = lockAll('consent-share-addresses', 'pg_advisory_xact_lock_shared', ADDRESS_CLASS);
/** Keeps writers of one chain apart that need not wait for hand-overs; taken after both. */
const holdEach = lockAll('consent-hold-chains', 'pg_advisory_xact_lock', CHAIN_CLASS);

/**
 * Taken by whatever changes contacts' consent or suppression, before it writes: waits until hand-overs to them that are
 * under way have ended, and lets none begin before the change is committed (rule D4). Whoever calls it holds no such
 * lock yet.
 */
export async function holdContacts(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(holdAll, [contactIds]);
}

/**
 * Taken by whatever writes contacts' chains, after `holdContacts` where the change could be against a hand-over: two
 * entries must never follow on the same one. Held for a few statements.
 */
export async function holdChains(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(holdEach, [contactIds]);
}

/** The same for one. */
export function holdContact(sql: Sql, contactId: Id): Promise<void> {
  return holdContacts(sql, [contactId]);
}

/** Taken by the dispatcher before its last look at consent, and kept until the hand-over has ended (rule D4). */
export async function shareContacts(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(share, [contactIds]);
}

/**
 * Taken by whatever suppresses addresses, after the locks of contacts that it needs: hand-overs to any contact with such an
 * address are waited for, also to one that has got it a moment ago (rule D4).
 */
export async function holdAddresses(sql: Sql, addresses: readonly string[]): Promise<void> {
  await sql.run(holdAllAddresses, [addresses.map(addressKey)]);
}

/** Taken by the dispatcher before its last look, after the contacts' locks. */
export async function shareAddresses(sql: Sql, addresses: readonly string[]): Promise<void> {
  await sql.run(shareAllAddresses, [addresses.map(addressKey)]);
}
