import type { Sql, Statement } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A value of ADMIN_PASSWORD that was applied. */
export interface AppliedPassword {
  email: string;
  passwordHash: string;
  appliedAt: Instant;
}

/** Of one account: each is verified at a start that brings a new value. */
const MOST = 5;

const listApplied: Statement<AppliedPassword> = {
  name: 'access-list-applied-passwords',
  text: `
    SELECT email, password_hash AS "passwordHash", applied_at AS "appliedAt" FROM environment_password
    ORDER BY applied_at DESC, password_hash`,
};
const insertApplied: Statement = {
  name: 'access-insert-applied-password',
  text: `
    INSERT INTO environment_password (email, password_hash, applied_at) VALUES ($1, $2, to_timestamp($3::float8 / 1000))
    ON CONFLICT DO NOTHING`,
};
const forgetApplied: Statement = {
  name: 'access-forget-applied-passwords',
  text: `
    DELETE FROM environment_password WHERE email = $1 AND password_hash NOT IN (
      SELECT password_hash FROM environment_password WHERE email = $1 ORDER BY applied_at DESC LIMIT ${MOST})`,
};

/** The latest first. */
export const appliedPasswords = (sql: Sql): Promise<AppliedPassword[]> => sql.run(listApplied);

export async function noteAppliedPassword(
  sql: Sql,
  { email, passwordHash, appliedAt }: AppliedPassword,
): Promise<void> {
  await sql.run(insertApplied, [email, passwordHash, appliedAt]);
  await sql.run(forgetApplied, [email]);
}
