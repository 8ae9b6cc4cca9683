import { setTimeout as delay } from 'node:timers/promises';
import type { Session, Sql, Statement } from '../database/index.ts';
import { addressKey } from '../shared/address.ts';
import { laneOf, LANES, type Id } from '../shared/ids.ts';

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

/** For the session, and only what can be had at once: by key. */
const tryAll = (name: string, lockClass: number): Statement<{ key: string; got: boolean }> => ({
  name,
  text: `
    SELECT k.key, pg_try_advisory_lock_shared(${lockClass}, hashtext(k.key)) AS got
    FROM unnest($1::text[]) AS k(key)`,
});

const holdAll = lockAll('consent-hold-contacts', 'pg_advisory_xact_lock', LOCK_CLASS);
const share = lockAll('consent-share-contacts', 'pg_advisory_xact_lock_shared', LOCK_CLASS);
const tryContacts = tryAll('consent-try-contacts', LOCK_CLASS);
const tryAddresses = tryAll('consent-try-addresses', ADDRESS_CLASS);
const holdAllAddresses = lockAll('consent-hold-addresses', 'pg_advisory_xact_lock', ADDRESS_CLASS);
/** Keeps writers of one chain apart that need not wait for hand-overs; taken after both. */
const holdEach = lockAll('consent-hold-chains', 'pg_advisory_xact_lock', CHAIN_CLASS);

/** Whether something is being handed over now to the contacts $2 of the lanes $1. There are never more such rows than connections to providers. */
const handingToContacts: Statement<{ handing: boolean }> = {
  name: 'consent-handing-to-contacts',
  text: `
    SELECT EXISTS (
      SELECT FROM message WHERE lane = ANY ($1::smallint[]) AND status = 'handing' AND contact_id = ANY ($2::uuid[])
    ) AS handing`,
};

/** The same of the addresses $2, whoever has them, in the lanes $1. */
const handingToAddresses: Statement<{ handing: boolean }> = {
  name: 'consent-handing-to-addresses',
  text: `
    SELECT EXISTS (
      SELECT FROM message WHERE lane = ANY ($1::smallint[]) AND status = 'handing'
        AND handing_to = ANY (SELECT hashtext(key) FROM unnest($2::text[]) AS key)
    ) AS handing`,
};

const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);
/** Milliseconds between two looks whether an exchange has ended whose lock is gone. */
const BETWEEN_LOOKS = 50;
/** 15 s: longer than it takes until the message of a process that died is settled by another (dispatch, `LEASE`). */
const LOOKS = 300;

/**
 * Waits until what had begun has ended. As a rule the lock alone tells: it is there as long as the exchange. Where the
 * connection that held it died (a crash of PostgreSQL, a failover), the exchange may still go on; that it had begun was
 * committed before (docs/decisions/0037).
 */
async function untilEnded(sql: Sql, statement: Statement<{ handing: boolean }>, values: unknown[]): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const [row] = await sql.run(statement, values);
    if (!row!.handing) return;
    await delay(BETWEEN_LOOKS);
  }
}

/**
 * Taken by whatever changes contacts' consent or suppression, before it writes: waits until hand-overs to them that are
 * under way have ended, and lets none begin before the change is committed (rule D4). Whoever calls it holds no such
 * lock yet, and no row of `message`.
 */
export async function holdContacts(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(holdAll, [contactIds]);
  await untilEnded(sql, handingToContacts, [[...new Set(contactIds.map(laneOf))], contactIds]);
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

/** Taken by whoever writes to contacts beside the dispatcher, and kept until the transaction ends. */
export async function shareContacts(sql: Sql, contactIds: readonly Id[]): Promise<void> {
  await sql.run(share, [contactIds]);
}

/**
 * Taken by the dispatcher before its last look at consent, and kept for the session: while it is held, that a hand-over
 * begins can be committed, and when it is lost, it cannot (rule D4). Returns whose could be had. A contact that is being
 * held (`holdContacts`) is not waited for: its withdrawal may be waiting itself.
 */
export async function shareContactsNow(session: Session, contactIds: readonly Id[]): Promise<Set<Id>> {
  return obtained(await session.run(tryContacts, [contactIds]));
}

/**
 * Taken by whatever suppresses addresses, after the locks of contacts that it needs: hand-overs to any contact with such an
 * address are waited for, also to one that has got it a moment ago (rule D4).
 */
export async function holdAddresses(sql: Sql, addresses: readonly string[]): Promise<void> {
  const keys = addresses.map(addressKey);
  await sql.run(holdAllAddresses, [keys]);
  await untilEnded(sql, handingToAddresses, [ALL_LANES, keys]);
}

/** As `shareContactsNow`, after it, by address; returns the keys (`addressKey`) that could be had. */
export async function shareAddressesNow(session: Session, addresses: readonly string[]): Promise<Set<string>> {
  return obtained(await session.run(tryAddresses, [[...new Set(addresses.map(addressKey))]]));
}

const obtained = (rows: readonly { key: string; got: boolean }[]): Set<string> =>
  new Set(rows.filter(({ got }) => got).map(({ key }) => key));
