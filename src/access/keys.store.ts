import { randomBytes } from 'node:crypto';
import type { Sql, Statement } from '../database/index.ts';
import type { Scope } from '../http/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { sha256 } from '../shared/hash.ts';
import type { Change } from './accounts.store.ts';
import { recordAudit } from './audit.store.ts';

/** A key of a machine as people see it: never the key itself. */
export interface KeyRecord {
  /** The first digits of the key's hash. */
  id: string;
  name: string;
  scope: Scope;
  createdAt: Instant;
  createdBy: string;
  /** To some minutes. */
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
  revokedBy: string | null;
  /** It is, or was, that of WRITE_KEY. */
  fromEnvironment: boolean;
}

/** There is no such key. */
export class UnknownKey extends UserError {}

const COLUMNS = `left(hash, 16) AS id, label AS name, scope, created_at AS "createdAt", created_by AS "createdBy",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", revoked_by AS "revokedBy", from_environment AS "fromEnvironment"`;

const findKey: Statement<KeyRecord> = {
  name: 'access-find-key',
  text: `SELECT ${COLUMNS} FROM api_key WHERE hash = $1`,
};
const listKeys: Statement<KeyRecord> = {
  name: 'access-list-keys',
  text: `SELECT ${COLUMNS} FROM api_key ORDER BY revoked_at IS NOT NULL, created_at, hash`,
};
const insertKey: Statement = {
  name: 'access-insert-key',
  text: `
    INSERT INTO api_key (hash, label, scope, created_at, created_by, from_environment)
    VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6)`,
};
const revokeById: Statement<{ id: string }> = {
  name: 'access-revoke-key',
  text: `
    UPDATE api_key SET revoked_at = to_timestamp($2::float8 / 1000), revoked_by = $3
    WHERE left(hash, 16) = $1 AND revoked_at IS NULL RETURNING left(hash, 16) AS id`,
};
const takeUpById: Statement = {
  name: 'access-take-up-key',
  text: 'UPDATE api_key SET revoked_at = NULL, revoked_by = NULL WHERE left(hash, 16) = $1',
};
const noteUse: Statement = {
  name: 'access-note-use-of-key',
  text: `
    UPDATE api_key SET last_used_at = to_timestamp($2::float8 / 1000)
    WHERE hash = $1 AND (last_used_at IS NULL OR last_used_at <= to_timestamp($3::float8 / 1000))`,
};

/** A use is written down when the last that is known is older. Milliseconds. */
export const USE_NOTED_EVERY_MS = 10 * 60_000;

export async function keyOf(sql: Sql, hash: string): Promise<KeyRecord | null> {
  const [found] = await sql.run(findKey, [hash]);
  return found ?? null;
}

/** Those that are good first. */
export const keys = (sql: Sql): Promise<KeyRecord[]> => sql.run(listKeys);

/** A key that nobody can guess, and that a search for leaked secrets finds by its beginning. */
export const newKey = (scope: Scope): string => `relance_${scope}_${randomBytes(32).toString('base64url')}`;

/** Within `changingAccess`. Returns the key's id. */
export async function addKey(
  sql: Sql,
  { key, name, scope }: { key: string; name: string; scope: Scope },
  { by, at, fromEnvironment = false }: Change,
): Promise<string> {
  const hash = sha256(key);
  await sql.run(insertKey, [hash, name, scope, at, by, fromEnvironment]);
  const id = hash.slice(0, 16);
  await recordAudit(sql, { actor: by, action: 'key.add', subject: name, details: { id, scope } }, at);
  return id;
}

/** The same. A key that was revoked stays so; doing it again changes nothing. */
export async function revokeKey(sql: Sql, id: string, { by, at }: Change): Promise<void> {
  const known = (await keys(sql)).find((key) => key.id === id);
  if (known === undefined) throw new UnknownKey(`There is no key ${id}`);
  const done = await sql.run(revokeById, [id, at, by]);
  if (done.length === 0) return;
  const details = { id, scope: known.scope };
  await recordAudit(sql, { actor: by, action: 'key.revoke', subject: known.name, details }, at);
}

/** The same, of a key that was replaced and that the environment names again. */
export async function takeUpKey(sql: Sql, { id, name, scope }: KeyRecord, { by, at }: Change): Promise<void> {
  await sql.run(takeUpById, [id]);
  await recordAudit(sql, { actor: by, action: 'key.add', subject: name, details: { id, scope, again: true } }, at);
}

/** One statement in some minutes and key, however often it is used. */
export async function noteUseOfKey(sql: Sql, hash: string, now: Instant): Promise<void> {
  await sql.run(noteUse, [hash, now, now - USE_NOTED_EVERY_MS]);
}
