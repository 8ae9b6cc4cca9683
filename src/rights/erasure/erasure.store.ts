import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../access/index.ts';
import { holdContact, rememberErasedTraces, type Trace } from '../../consent/index.ts';
import type { Database, Sql } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { laneOf, type Id } from '../../shared/ids.ts';
import type { Asker } from '../requests/request.ts';
import { finishRequest, openRequest, requestId } from '../requests/requests.store.ts';
import {
  addressesOf,
  anonymise,
  countRows,
  deletions,
  dropStrayDecisions,
  holdLane,
  holdMessages,
  openLedgerDoor,
  releaseRequests,
} from '../sql/erase.ts';

/** What an erasure removed, or would remove: rows by table. */
export interface ErasureReport {
  /** Of the request; null when nothing was done. */
  requestId: Id | null;
  rows: Record<string, number>;
  /** Addresses that are refused from now on, as hashes. */
  addresses: number;
}

/** What an erasure would remove. */
export async function previewErasure(sql: Sql, contactId: Id): Promise<ErasureReport> {
  const key = [laneOf(contactId), contactId];
  const addresses = await sql.run(addressesOf, key);
  return { requestId: null, rows: await rowsOf(sql, contactId), addresses: addresses.length };
}

/**
 * Erases a contact (GDPR Art. 17): nothing personal stays but salted hashes that refuse it at re-import. When this
 * returns it is committed; hand-overs under way were waited for, and none begins any more (rule D4). A second erasure
 * finds nothing and is written down all the same. `openId` is a request that was open for it.
 */
export async function eraseContact(
  database: Database,
  contactId: Id,
  asker: Asker,
  now: Instant,
  openId?: Id,
): Promise<ErasureReport> {
  return database.transaction(async (sql) => {
    const key = [laneOf(contactId), contactId];
    await sql.run(holdLane, [key[0]]);
    await sql.run(holdMessages, key);
    await holdContact(sql, contactId);

    const request =
      openId ??
      (await openRequest(sql, { contactId, kind: 'erasure', asker, id: requestId(contactId, randomUUID()) }, now));
    const rows = await rowsOf(sql, contactId);
    const traces: Trace[] = [...(await sql.run(addressesOf, key)), { kind: 'contact', value: contactId }];
    await rememberErasedTraces(sql, traces, now);
    await sql.run(openLedgerDoor, [contactId]);
    for (const deletion of deletions) await sql.run(deletion, key);
    await sql.run(anonymise, [...key, nobodyOf(contactId)]);
    await sql.run(dropStrayDecisions, key);

    const report = { requestId: request, rows, addresses: traces.length - 1 };
    await finishRequest(sql, request, asker, { rows, addresses: report.addresses }, now);
    await sql.run(releaseRequests, key);
    await recordAudit(sql, { actor: asker.actor, action: 'contact.erase', subject: request, details: { rows } }, now);
    return report;
  });
}

/** An id of chance in the contact's lane: whom the anonymous rows belong to. */
function nobodyOf(contactId: Id): Id {
  return laneOf(contactId).toString(16).padStart(2, '0') + randomUUID().slice(2);
}

async function rowsOf(sql: Sql, contactId: Id): Promise<Record<string, number>> {
  const counted = await sql.run(countRows, [laneOf(contactId), contactId]);
  return Object.fromEntries(counted.filter(({ rows }) => rows > 0).map(({ table, rows }) => [table, rows]));
}
