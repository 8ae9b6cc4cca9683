import { referenceOf } from '../../consent/index.ts';
import type { Sql } from '../../database/index.ts';
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
