import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../access/index.ts';
import { referenceOf } from '../../consent/index.ts';
import type { Database, Sql } from '../../database/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { derivedId, laneOf, type Id } from '../../shared/ids.ts';
import {
  closeRequest,
  countOpenRequests,
  extendRequest,
  insertRequest,
  listRequests,
  requestById,
  waitingRequests,
  type RequestRow,
} from '../sql/requests.ts';
import {
  ALARM_AFTER,
  ALARM_BEFORE,
  dueAfter,
  extendedDue,
  type Asker,
  type Ending,
  type Extension,
  type RequestKind,
  type RightsRequest,
} from './request.ts';

const MOST = 500;

/** Somebody’s request, and who brings it. */
interface Request {
  contactId: Id;
  kind: RequestKind;
  asker: Asker;
}

/** Writes down that somebody asked. Returns the request's id; it tells the lane and nothing else of the contact. */
export async function openRequest(sql: Sql, { contactId, kind, asker }: Request, receivedAt: Instant): Promise<Id> {
  const id = requestId(contactId, randomUUID());
  const reference = await referenceOf(sql, contactId);
  const terms = [receivedAt, dueAfter(receivedAt)];
  await sql.run(insertRequest, [laneOf(contactId), id, contactId, reference, kind, asker.origin, ...terms]);
  return id;
}

/**
 * A request that came by letter or telephone and is not answered yet: its month runs from `receivedAt` on. It ends by
 * what it asks for, whoever does it, or by `endRequest`. Anybody may ask, also who is not known here.
 */
export function registerRequest(
  database: Database,
  request: Request,
  receivedAt: Instant,
  now: Instant,
): Promise<{ id: Id; dueAt: Instant }> {
  return database.transaction(async (sql) => {
    const id = await openRequest(sql, request, receivedAt);
    const details = { kind: request.kind, receivedAt: formatInstant(receivedAt) };
    await recordAudit(sql, { actor: request.asker.actor, action: 'request.open', subject: id, details }, now);
    return { id, dueAt: dueAfter(receivedAt) };
  });
}

/**
 * What is about to be done for a contact answers what it has asked for and waits, else a request of this very moment.
 * All that wait are answered by the one; `finishRequests` says with what.
 */
export async function requestsAnswered(sql: Sql, request: Request, now: Instant): Promise<[Id, ...Id[]]> {
  const { contactId, kind } = request;
  const [first, ...others] = (await sql.run(waitingRequests, [laneOf(contactId), contactId, kind])).map(({ id }) => id);
  return first === undefined ? [await openRequest(sql, request, now)] : [first, ...others];
}

/** Writes down that they were answered. */
export async function finishRequests(
  sql: Sql,
  ids: readonly Id[],
  { actor }: Asker,
  report: Record<string, unknown>,
  now: Instant,
): Promise<void> {
  for (const id of ids) await sql.run(closeRequest, [laneOf(id), id, now, actor, JSON.stringify(report)]);
}

/**
 * A request that is answered by what it asks for, all in one transaction, with its line in the audit log. With `anew`, what
 * is done is the opposite of what may wait (a lift, an objection taken back), and a request of its own.
 */
export function answerRequest(
  database: Database,
  request: Request & { anew?: boolean },
  now: Instant,
  work: (sql: Sql, request: Id) => Promise<Record<string, unknown>>,
): Promise<void> {
  return database.transaction(async (sql) => {
    const { kind, asker, anew = false } = request;
    const ids: [Id, ...Id[]] = anew
      ? [await openRequest(sql, request, now)]
      : await requestsAnswered(sql, request, now);
    const [id] = ids;
    const report = await work(sql, id);
    await finishRequests(sql, ids, asker, report, now);
    await recordAudit(sql, { actor: asker.actor, action: `contact.${kind}`, subject: id, details: report }, now);
  });
}

/**
 * Gives an open request two months more, once and before its first month is over: the person must be told by then, with
 * the reason (GDPR Art. 12(3)). Returns the new term, null when there is no such request. Throws UserError when it cannot be extended.
 */
export function prolongRequest(
  database: Database,
  id: Id,
  because: Extension,
  actor: string,
  now: Instant,
): Promise<Instant | null> {
  return database.transaction(async (sql) => {
    const found = await openOne(sql, id);
    if (found === null) return null;
    const { receivedAt, dueAt, extendedAt } = found;
    if (extendedAt !== null) throw new UserError('This request was extended before; the law allows it once');
    if (now >= dueAt) throw new UserError('The month of this request is over; within it, it could have been extended');
    const due = extendedDue(receivedAt);
    await sql.run(extendRequest, [laneOf(id), id, due, now, because]);
    const details = { because, dueAt: formatInstant(due) };
    await recordAudit(sql, { actor, action: 'request.extend', subject: id, details }, now);
    return due;
  });
}

/**
 * Ends an open request that was not answered by what it asks for. False when there is no such request. Throws UserError
 * when it is done already.
 */
export function endRequest(database: Database, id: Id, ending: Ending, asker: Asker, now: Instant): Promise<boolean> {
  return database.transaction(async (sql) => {
    if ((await openOne(sql, id)) === null) return false;
    await finishRequests(sql, [id], asker, { ending }, now);
    await recordAudit(sql, { actor: asker.actor, action: 'request.end', subject: id, details: { ending } }, now);
    return true;
  });
}

async function openOne(sql: Sql, id: Id): Promise<RequestRow | null> {
  const [row] = await sql.run(requestById, [laneOf(id), id]);
  if (row === undefined) return null;
  if (row.state !== 'open') throw new UserError('This request is done already');
  return row;
}

/** The requests, the one that is due first before the others; at most 500. */
export async function requestsOf(sql: Sql, state: 'open' | 'done' | null): Promise<RightsRequest[]> {
  const rows = await sql.run(listRequests, [state, MOST]);
  return rows.map(({ contactId: _contact, ...request }) => request as RightsRequest);
}

/** How many are open; how many of them late (`stageOf`), and past their term. */
export async function openRequests(sql: Sql, now: Instant): Promise<{ open: number; late: number; overdue: number }> {
  const [row] = await sql.run(countOpenRequests, [now - ALARM_AFTER, now, now + ALARM_BEFORE]);
  return row!;
}

/** An id for a request: of chance, but of the contact's lane. */
export function requestId(contactId: Id, random: string): Id {
  const lane = laneOf(contactId).toString(16).padStart(2, '0');
  return lane + derivedId(random, 'request').slice(2);
}
