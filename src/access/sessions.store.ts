import type { Sql, Statement } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Account } from './accounts.store.ts';
import { IDLE_MS, LONGEST_MS, SEEN_EVERY_MS } from './session.ts';

export interface SessionFound extends Account {
  createdAt: Instant;
  seenAt: Instant;
}

const insertSession: Statement = {
  name: 'access-insert-session',
  text: `
    INSERT INTO session (hash, email, password_changed_at, created_at, seen_at)
    SELECT $1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000)`,
};
const findSession: Statement<SessionFound> = {
  name: 'access-find-session',
  // Whoever began it with another password than the one of now, or with an account that is gone, is not signed in.
  text: `
    SELECT account.email, account.role, session.created_at AS "createdAt", session.seen_at AS "seenAt"
    FROM session JOIN account ON account.email = session.email
      AND date_trunc('milliseconds', account.password_changed_at) = session.password_changed_at
    WHERE session.hash = $1`,
};
const seeSession: Statement = {
  name: 'access-see-session',
  text: 'UPDATE session SET seen_at = to_timestamp($2::float8 / 1000) WHERE hash = $1',
};
const deleteSession: Statement = { name: 'access-end-session', text: 'DELETE FROM session WHERE hash = $1' };
const deleteEnded: Statement = {
  name: 'access-forget-sessions',
  text: `
    DELETE FROM session
    WHERE seen_at <= to_timestamp($1::float8 / 1000) OR created_at <= to_timestamp($2::float8 / 1000)`,
};

/** A session of whoever has just shown the password that was set at `passwordChangedAt`; what has run out goes. */
export async function beginSession(
  sql: Sql,
  { hash, email, passwordChangedAt }: { hash: string; email: string; passwordChangedAt: Instant },
  now: Instant,
): Promise<void> {
  await sql.run(deleteEnded, [now - IDLE_MS, now - LONGEST_MS]);
  await sql.run(insertSession, [hash, email, passwordChangedAt, now]);
}

export async function sessionOf(sql: Sql, hash: string): Promise<SessionFound | null> {
  const [found] = await sql.run(findSession, [hash]);
  return found ?? null;
}

/** Writes down that it was used, unless that is known of late. */
export async function seeSessionAt(sql: Sql, hash: string, seenAt: Instant, now: Instant): Promise<void> {
  if (now - seenAt >= SEEN_EVERY_MS) await sql.run(seeSession, [hash, now]);
}

export async function endSession(sql: Sql, hash: string): Promise<void> {
  await sql.run(deleteSession, [hash]);
}
