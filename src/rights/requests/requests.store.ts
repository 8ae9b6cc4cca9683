import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../access/index.ts';
import { referenceOf } from '../../consent/index.ts';
import type { Database, Sql } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { derivedId, laneOf, type Id } from '../../shared/ids.ts';
import { closeRequest, countOpenRequests, insertRequest, listRequests } from '../sql/requests.ts';
import { ALARM_AFTER_DAYS, dueAfter, type Asker, type RequestKind, type RightsRequest } from './request.ts';

const DAY = 86_400_000;
const MOST = 500;

/** Writes down that somebody asked. Returns the request's id; it tells the lane and nothing else of the contact. */
export async function openRequest(
  sql: Sql,
  { contactId, kind, asker, id }: { contactId: Id; kind: RequestKind; asker: Asker; id: Id },
  now: Instant,
): Promise<Id> {
  const reference = await referenceOf(sql, contactId);
  await sql.run(insertRequest, [laneOf(contactId), id, contactId, reference, kind, asker.origin, now, dueAfter(now)]);
  return id;
}

/** Writes down that it was answered. */
export async function finishRequest(
  sql: Sql,
  id: Id,
  { actor }: Asker,
  report: Record<string, unknown>,
  now: Instant,
): Promise<void> {
  await sql.run(closeRequest, [laneOf(id), id, now, actor, JSON.stringify(report)]);
}

/** A request that is answered by what it asks for, all in one transaction, with its line in the audit log. */
export function answerRequest(
  database: Database,
  { contactId, kind, asker }: { contactId: Id; kind: RequestKind; asker: Asker },
  now: Instant,
  work: (sql: Sql, request: Id) => Promise<Record<string, unknown>>,
): Promise<void> {
  return database.transaction(async (sql) => {
    const id = requestId(contactId, randomUUID());
    await openRequest(sql, { contactId, kind, asker, id }, now);
    const report = await work(sql, id);
    await finishRequest(sql, id, asker, report, now);
    await recordAudit(sql, { actor: asker.actor, action: `contact.${kind}`, subject: id, details: report }, now);
  });
}

/** The requests, the one that is due first before the others; at most 500. */
export async function requestsOf(sql: Sql, state: 'open' | 'done' | null): Promise<RightsRequest[]> {
  const rows = await sql.run(listRequests, [state, MOST]);
  return rows.map(({ contactId: _contact, ...request }) => request as RightsRequest);
}

/** How many are open; how many of them past their 25th day, and past their term. */
export async function openRequests(sql: Sql, now: Instant): Promise<{ open: number; late: number; overdue: number }> {
  const [row] = await sql.run(countOpenRequests, [now - ALARM_AFTER_DAYS * DAY, now]);
  return row!;
}

/** An id for a request: of chance, but of the contact's lane. */
export function requestId(contactId: Id, random: string): Id {
  const lane = laneOf(contactId).toString(16).padStart(2, '0');
  return lane + derivedId(random, 'request').slice(2);
}
