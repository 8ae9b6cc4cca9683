import type { Sql, Statement } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/**
 * Something that changed. It outlives whom it is about, so it names no person but those who may act, the accounts: a contact
 * is meant by the number of a request, never by user id or address.
 */
export interface AuditEntry {
  /** The account's email, `key:` and a key's name, `cli` for somebody at the command line, or `system:` and what acted by itself. */
  actor: string;
  /** What was done, a noun and a verb: `scenario.publish`, `breaker.stop`. */
  action: string;
  /** To what: `newsletter-welcome`, `example.com`. */
  subject: string;
  details?: Record<string, unknown>;
}

export interface AuditRecord extends Required<AuditEntry> {
  at: Instant;
  id: string;
}

/** Which records are asked for; `before` is where the page before ended. */
export interface AuditQuery {
  subject?: string;
  before?: { at: Instant; id: string };
  most: number;
}

const insertAudit: Statement = {
  name: 'access-insert-audit',
  text: `
    INSERT INTO audit (at, id, actor, action, subject, details)
    VALUES (to_timestamp($1::float8 / 1000), gen_random_uuid(), $2, $3, $4, $5::jsonb)`,
};

const listAudit: Statement<AuditRecord> = {
  name: 'access-list-audit',
  text: `
    SELECT at, id, actor, action, subject, details FROM audit
    WHERE ($1::text IS NULL OR subject = $1)
      AND ($2::float8 IS NULL OR (at, id) < (to_timestamp($2::float8 / 1000), $3::uuid))
    ORDER BY at DESC, id DESC LIMIT $4`,
};

/** Writes down a change, in the transaction that makes it: neither is there without the other (rule S6). */
export async function recordAudit(sql: Sql, entry: AuditEntry, now: Instant): Promise<void> {
  const { actor, action, subject, details = {} } = entry;
  await sql.run(insertAudit, [now, actor, action, subject, JSON.stringify(details)]);
}

/** The latest first. */
export function auditRecords(sql: Sql, { subject, before, most }: AuditQuery): Promise<AuditRecord[]> {
  return sql.run(listAudit, [subject ?? null, before?.at ?? null, before?.id ?? null, most]);
}
