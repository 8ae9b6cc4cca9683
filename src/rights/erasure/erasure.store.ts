import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../access/index.ts';
import { holdContact, rememberErasedTraces, type Trace } from '../../consent/index.ts';
import { wakeLoops, type Database, type Sql } from '../../database/index.ts';
import { tellSharers } from '../../engine/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { laneOf, LANES, type Id } from '../../shared/ids.ts';
import type { Providers, Recipient } from '../recipients/recipients.ts';
import { recipientsOf } from '../recipients/recipients.store.ts';
import type { Asker } from '../requests/request.ts';
import { finishRequests, requestsAnswered } from '../requests/requests.store.ts';
import {
  addressesOf,
  anonymise,
  countRows,
  deletions,
  dropAddresses,
  dropStrayDecisions,
  holdLane,
  leaveAddresses,
  openLedgerDoor,
  releaseRequests,
  saidNo,
} from '../sql/erase.ts';

/** What an erasure removed, or would remove: rows by table. */
export interface ErasureReport {
  /** Of the request; null when nothing was done. */
  requestId: Id | null;
  rows: Record<string, number>;
  /** Addresses that are refused from now on, as hashes. */
  addresses: number;
  /** Who was given data and is to be told (GDPR Art. 19). */
  recipients: Recipient[];
}

/** What an erasure would remove. */
export async function previewErasure(sql: Sql, contactId: Id, providers: Providers): Promise<ErasureReport> {
  const key = [laneOf(contactId), contactId];
  const addresses = await sql.run(addressesOf, key);
  return {
    requestId: null,
    rows: await rowsOf(sql, contactId),
    addresses: addresses.length,
    recipients: await recipientsOf(sql, contactId, providers),
  };
}

/**
 * Erases a contact (GDPR Art. 17): nothing personal stays but salted hashes that refuse it at re-import. When this
 * returns it is committed; hand-overs under way were waited for, and none begins any more (rule D4). A second erasure
 * finds nothing and is written down all the same. It answers the request that waits for it, which keeps the recipients
 * that are to be told.
 */
export async function eraseContact(
  database: Database,
  contactId: Id,
  asker: Asker,
  providers: Providers,
  now: Instant,
): Promise<ErasureReport> {
  return database.transaction(async (sql) => {
    await holdForErasure(sql, contactId);
    const requests = await requestsAnswered(sql, { contactId, kind: 'erasure', asker }, now);
    const [request] = requests;
    // As long as there are rows to tell it.
    const recipients = await recipientsOf(sql, contactId, providers);
    const { rows, addresses } = await eraseHeld(sql, contactId, now);
    await finishRequests(sql, requests, asker, { rows, addresses, recipients }, now);
    await sql.run(releaseRequests, [laneOf(contactId), contactId]);
    await recordAudit(sql, { actor: asker.actor, action: 'contact.erase', subject: request, details: { rows } }, now);
    return { requestId: request, rows, addresses, recipients };
  });
}

/**
 * Erases whom nobody has heard of for longer than data is kept, if `isDue` still says so once the contact is held. That is
 * no objection: no hash stays, and the person may come back, unless they are refused already for what they said
 * (objection, complaint). True when the contact was erased.
 */
export async function eraseForgotten(
  database: Database,
  contactId: Id,
  isDue: (sql: Sql) => Promise<boolean>,
  now: Instant,
): Promise<boolean> {
  return database.transaction(async (sql) => {
    await holdForErasure(sql, contactId);
    if (!(await isDue(sql))) return false;
    const key = [laneOf(contactId), contactId];
    const [said] = await sql.run(saidNo, key);
    await eraseHeld(sql, contactId, now, said !== undefined);
    await sql.run(releaseRequests, key);
    return true;
  });
}

/** The engine does not act, hand-overs under way are waited for, and none begins until the transaction ends (rule D4). */
async function holdForErasure(sql: Sql, contactId: Id): Promise<void> {
  await sql.run(holdLane, [laneOf(contactId)]);
  await holdContact(sql, contactId);
}

/** The erasure itself. `refuse`: hashes stay, which refuse the contact and its addresses when they come back. */
async function eraseHeld(
  sql: Sql,
  contactId: Id,
  now: Instant,
  refuse = true,
): Promise<Pick<ErasureReport, 'rows' | 'addresses'>> {
  const key = [laneOf(contactId), contactId];
  const rows = await rowsOf(sql, contactId);
  const traces: Trace[] = refuse ? [...(await sql.run(addressesOf, key)), { kind: 'contact', value: contactId }] : [];
  if (refuse) await rememberErasedTraces(sql, traces, now);
  await sql.run(openLedgerDoor, [contactId]);
  for (const deletion of deletions) await sql.run(deletion, key);
  const nobody = nobodyOf(contactId);
  await sql.run(anonymise, [...key, nobody]);
  await sql.run(dropStrayDecisions, key);
  await leaveOthers(sql, contactId, nobody, now);
  return { rows, addresses: Math.max(0, traces.length - 1) };
}

/**
 * Whoever shared an address has its room alone from now on, and what waited for it is judged again (rule P12): told once
 * the address is held, so that what is being judged at this moment is seen.
 */
async function leaveOthers(sql: Sql, contactId: Id, nobody: Id, now: Instant): Promise<void> {
  await sql.run(dropAddresses, [LANES, contactId]);
  const others = await sql.run(leaveAddresses, [LANES, contactId]);
  if (others.length === 0) return;
  await tellSharers(
    sql,
    others.map(({ contactId: other }) => ({ other, giver: nobody })),
    now,
  );
  await sql.run(wakeLoops);
}

/** An id of chance in the contact's lane: whom the anonymous rows belong to. */
function nobodyOf(contactId: Id): Id {
  return laneOf(contactId).toString(16).padStart(2, '0') + randomUUID().slice(2);
}

async function rowsOf(sql: Sql, contactId: Id): Promise<Record<string, number>> {
  const counted = await sql.run(countRows, [laneOf(contactId), contactId]);
  return Object.fromEntries(counted.filter(({ rows }) => rows > 0).map(({ table, rows }) => [table, rows]));
}
