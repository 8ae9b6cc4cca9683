import type { Database, Sql, Statement } from '../database/index.ts';
import type { AccountRole } from '../http/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { recordAudit } from './audit.store.ts';

/** Somebody who may sign in. */
export interface Account {
  email: string;
  role: AccountRole;
}

export interface AccountRecord extends Account {
  createdAt: Instant;
  passwordChangedAt: Instant;
  /** The password is that of ADMIN_PASSWORD. */
  fromEnvironment: boolean;
}

/** An account with the hash of its password: for whoever verifies one. */
export type AccountWithPassword = AccountRecord & { passwordHash: string };

/** There is no such account. */
export class UnknownAccount extends UserError {}

const COLUMNS = `email, role, created_at AS "createdAt", password_changed_at AS "passwordChangedAt",
  from_environment AS "fromEnvironment"`;

/** Until the transaction ends nobody else changes accounts or keys: one admin stays, and two starts agree. */
const lockAccess: Statement = {
  name: 'access-lock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('relance.access', 0))`,
};
const findAccount: Statement<AccountWithPassword> = {
  name: 'access-find-account',
  text: `SELECT ${COLUMNS}, password_hash AS "passwordHash" FROM account WHERE email = $1`,
};
const listAccounts: Statement<AccountRecord> = {
  name: 'access-list-accounts',
  text: `SELECT ${COLUMNS} FROM account ORDER BY email`,
};
const insertAccount: Statement = {
  name: 'access-insert-account',
  text: `
    INSERT INTO account (email, password_hash, role, created_at, password_changed_at, from_environment)
    VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000), $5)`,
};
const updateRole: Statement = { name: 'access-update-role', text: 'UPDATE account SET role = $2 WHERE email = $1' };
const updatePassword: Statement = {
  name: 'access-update-password',
  // Never the instant that sessions were begun under, also where the clock stands still.
  text: `
    UPDATE account SET password_hash = $2, from_environment = $4,
      password_changed_at = greatest(to_timestamp($3::float8 / 1000), password_changed_at + interval '1 millisecond')
    WHERE email = $1`,
};
const deleteAccount: Statement = { name: 'access-delete-account', text: 'DELETE FROM account WHERE email = $1' };
const endSessions: Statement = { name: 'access-end-sessions-of', text: 'DELETE FROM session WHERE email = $1' };
const forgetPlaces: Statement = { name: 'access-forget-places', text: 'DELETE FROM sign_in_place WHERE email = $1' };

/** Emails are compared in lower case. */
export const accountName = (email: string): string => email.trim().toLowerCase();

/** Who changes it, and where its password comes from. */
export interface Change {
  by: string;
  at: Instant;
  fromEnvironment?: boolean;
}

export async function accountOf(sql: Sql, email: string): Promise<AccountWithPassword | null> {
  const [found] = await sql.run(findAccount, [accountName(email)]);
  return found ?? null;
}

export const accounts = (sql: Sql): Promise<AccountRecord[]> => sql.run(listAccounts);

/** Does `work` while nobody else changes accounts or keys. */
export function changingAccess<Result>(database: Database, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  return database.transaction(async (sql) => {
    await sql.run(lockAccess);
    return work(sql);
  });
}

/** Within `changingAccess`. Throws UserError when there is one with this email. */
export async function addAccount(
  sql: Sql,
  account: Account & { passwordHash: string },
  { by, at, fromEnvironment = false }: Change,
): Promise<void> {
  const { role, passwordHash } = account;
  const email = accountName(account.email);
  if ((await accountOf(sql, email)) !== null) throw new UserError(`${email} has an account already`);
  await sql.run(insertAccount, [email, passwordHash, role, at, fromEnvironment]);
  await recordAudit(sql, { actor: by, action: 'account.add', subject: email, details: { role } }, at);
}

/** The same. What may be done changes with the next request, also of who is signed in. */
export async function setRole(sql: Sql, email: string, role: AccountRole, { by, at }: Change): Promise<void> {
  const account = await existing(sql, email);
  if (account.role === role) return;
  if (role !== 'admin') await keepAnAdmin(sql, account);
  await sql.run(updateRole, [account.email, role]);
  const details = { from: account.role, to: role };
  await recordAudit(sql, { actor: by, action: 'account.role', subject: account.email, details }, at);
}

/** The same. Every session of the account ends, and whoever knew the old password is known nowhere. */
export async function setPassword(
  sql: Sql,
  email: string,
  passwordHash: string,
  { by, at, fromEnvironment = false }: Change,
): Promise<void> {
  const account = await existing(sql, email);
  await sql.run(updatePassword, [account.email, passwordHash, at, fromEnvironment]);
  await sql.run(endSessions, [account.email]);
  await sql.run(forgetPlaces, [account.email]);
  await recordAudit(sql, { actor: by, action: 'account.password', subject: account.email }, at);
}

/** The same. */
export async function removeAccount(sql: Sql, email: string, { by, at }: Change): Promise<void> {
  const account = await existing(sql, email);
  await keepAnAdmin(sql, account);
  await sql.run(deleteAccount, [account.email]);
  await sql.run(endSessions, [account.email]);
  await sql.run(forgetPlaces, [account.email]);
  const details = { role: account.role };
  await recordAudit(sql, { actor: by, action: 'account.remove', subject: account.email, details }, at);
}

async function existing(sql: Sql, email: string): Promise<AccountWithPassword> {
  const account = await accountOf(sql, email);
  if (account === null) throw new UnknownAccount(`${accountName(email)} has no account`);
  return account;
}

async function keepAnAdmin(sql: Sql, { email, role }: Account): Promise<void> {
  if (role !== 'admin') return;
  const others = (await accounts(sql)).filter((other) => other.role === 'admin' && other.email !== email);
  if (others.length === 0)
    throw new UserError(`${email} is the last admin: make somebody else one first, so that accounts can be managed`);
}
