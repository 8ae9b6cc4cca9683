import type { Statement } from '../../database/index.ts';

/** A request as it is kept; see `RightsRequest`. */
export interface RequestRow {
  id: string;
  contactId: string | null;
  reference: string;
  kind: string;
  origin: string;
  receivedAt: number;
  dueAt: number;
  extendedAt: number | null;
  extendedBecause: string | null;
  state: string;
  doneAt: number | null;
  doneBy: string | null;
  report: Record<string, unknown>;
}

const COLUMNS = `
  id, contact_id AS "contactId", reference, kind, origin, received_at AS "receivedAt", due_at AS "dueAt", extended_at AS "extendedAt", extended_because AS "extendedBecause", state,
  done_at AS "doneAt", done_by AS "doneBy", report`;

/** A new request $2 of lane $1. */
export const insertRequest: Statement = {
  name: 'rights-insert-request',
  text: `
    INSERT INTO rights_request (lane, id, contact_id, reference, kind, origin, received_at, due_at, state)
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000), 'open')`,
};

/** What was asked for in the way $3 by contact $2 of lane $1 and waits for its answer, the oldest first; locked. */
export const waitingRequests: Statement<{ id: string }> = {
  name: 'rights-waiting-requests',
  text: `
    SELECT id FROM rights_request WHERE lane = $1 AND contact_id = $2 AND kind = $3 AND state = 'open'
    ORDER BY received_at, id FOR UPDATE`,
};

/** Request $2 of lane $1, locked. */
export const requestById: Statement<RequestRow> = {
  name: 'rights-request-by-id',
  text: `SELECT ${COLUMNS} FROM rights_request WHERE lane = $1 AND id = $2 FOR UPDATE`,
};

/** The term of request $2 of lane $1 is $3, because of $5, as said at $4. */
export const extendRequest: Statement = {
  name: 'rights-extend-request',
  text: `
    UPDATE rights_request SET due_at = to_timestamp($3::float8 / 1000), extended_at = to_timestamp($4::float8 / 1000), extended_because = $5
    WHERE lane = $1 AND id = $2`,
};

/** Request $2 of lane $1 is done at $3, by $4, with the report $5. */
export const closeRequest: Statement = {
  name: 'rights-close-request',
  text: `
    UPDATE rights_request SET state = 'done', done_at = to_timestamp($3::float8 / 1000), done_by = $4, report = $5::jsonb
    WHERE lane = $1 AND id = $2 AND state = 'open'`,
};

/** Requests of the state $1 (null: of any), the one due first before the others, at most $2. Of all lanes: a person asks. */
export const listRequests: Statement<RequestRow> = {
  name: 'rights-list-requests',
  text: `SELECT ${COLUMNS} FROM rights_request WHERE lane >= 0 AND ($1::text IS NULL OR state = $1) ORDER BY due_at, id LIMIT $2`,
};

/**
 * How many requests are open; how many of them late: received before $1, or, where the term was extended, due before $3;
 * how many due before $2.
 */
export const countOpenRequests: Statement<{ open: number; late: number; overdue: number }> = {
  name: 'rights-count-open-requests',
  text: `
    SELECT count(*)::int AS open,
           count(*) FILTER (WHERE CASE WHEN extended_at IS NULL THEN received_at <= to_timestamp($1::float8 / 1000)
             ELSE due_at <= to_timestamp($3::float8 / 1000) END)::int AS late,
           count(*) FILTER (WHERE due_at <= to_timestamp($2::float8 / 1000))::int AS overdue
    FROM rights_request WHERE lane >= 0 AND state = 'open'`,
};
