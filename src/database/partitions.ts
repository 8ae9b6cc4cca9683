import { monthOf, type Instant } from '../shared/clock.ts';
import type { Database } from './database.ts';
import { PARTITION_LOCK } from './migrate.ts';
import { limitWaiting, listParts, lockParts } from './sql/partitions.ts';
import type { Sql, Statement } from './statement.ts';

/** Tables cut by `month`. A month's part is called `event_2026_11`; `event_default` takes what has no part. */
export const MONTHLY_TABLES = [
  'event',
  'message',
  'decision',
  'captured',
  'hit',
  'webhook_call',
  'message_return',
  'inbound_text',
] as const;
export type MonthlyTable = (typeof MONTHLY_TABLES)[number];

/** How far ahead parts are made: the daily job may fail for two months before rows go to the default part. */
const MONTHS_AHEAD = 2;

/** `2026-11-01` for `2026-10-01`. */
export function monthAfter(month: string, count = 1): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return monthOf(Date.UTC(year, number - 1 + count, 1));
}

/** The first day of each month from that of `from` to that of `to`, both included. */
export function monthsBetween(from: Instant, to: Instant): string[] {
  const months: string[] = [];
  for (let month = monthOf(from); month <= monthOf(to); month = monthAfter(month)) months.push(month);
  return months;
}

/** Makes what this month and the next ones need. For the start and the daily job. */
export async function ensureMonthsAhead(database: Database, now: Instant): Promise<string[]> {
  return ensureMonths(database, now, Date.parse(monthAfter(monthOf(now), MONTHS_AHEAD)));
}

/**
 * Makes the parts for every month from that of `from` to that of `to` where there is none. Rows of these months that
 * went to the default part move to theirs. Any number of processes may call it at once. Returns the parts made.
 * Throws TransactionConflict when long transactions are in the way; then call again later.
 */
export async function ensureMonths(database: Database, from: Instant, to: Instant): Promise<string[]> {
  const months = monthsBetween(from, to);
  const made: string[] = [];
  for (const table of MONTHLY_TABLES) {
    if ((await missing(database, table, months)).length === 0) continue;
    // A table a transaction, so that no lock on one table is held while another is waited for.
    await database.transaction(async (sql) => {
      await lock(sql);
      for (const month of await missing(sql, table, months)) {
        await addPart(sql, table, month);
        made.push(partOf(table, month));
      }
    });
  }
  return made;
}

/**
 * Drops all rows of `table` of months before `month` (`YYYY-MM-01`): whole parts at the price of a file's removal,
 * and the few that lie in the default part. Returns the parts dropped. Throws TransactionConflict as `ensureMonths`.
 */
export async function dropMonthsBefore(database: Database, table: MonthlyTable, month: string): Promise<string[]> {
  return database.transaction(async (sql) => {
    await lock(sql);
    const old = (await parts(sql, table)).filter((part) => part < partOf(table, month));
    for (const part of old) await sql.run(ddl(`DROP TABLE ${part}`));
    await sql.run({ name: `partitions_trim_${table}`, text: `DELETE FROM ${table}_default WHERE month < $1::date` }, [
      month,
    ]);
    return old;
  });
}

/** The parts of `table` that hold nothing of `month` (`YYYY-MM-01`) or later, oldest first; the part for everything else comes last. */
export async function partsBefore(sql: Sql, table: MonthlyTable, month: string): Promise<string[]> {
  return [...(await parts(sql, table)).filter((part) => part < partOf(table, month)), `${table}_default`];
}

/** Drops one month's part with all its rows. Throws TransactionConflict as `ensureMonths`. */
export async function dropPart(database: Database, part: string): Promise<void> {
  await database.transaction(async (sql) => {
    await lock(sql);
    await sql.run(ddl(`DROP TABLE ${part}`));
  });
}

async function lock(sql: Sql): Promise<void> {
  await sql.run(limitWaiting);
  await sql.run(lockParts, [PARTITION_LOCK]);
}

async function addPart(sql: Sql, table: MonthlyTable, month: string): Promise<void> {
  const part = partOf(table, month);
  // Writers wait at the parent, before they choose a part, and then find the new one. Were only the default part
  // locked, those already on their way to it would fail.
  await sql.run(ddl(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`));
  await sql.run(ddl(`CREATE TABLE ${part} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)`));
  await sql.run(
    ddl(`
      WITH moved AS (DELETE FROM ${table}_default WHERE month = '${month}' RETURNING *)
      INSERT INTO ${part} SELECT * FROM moved`),
  );
  // Indexes and the primary key of the parent are made on the part by this.
  await sql.run(
    ddl(`ALTER TABLE ${table} ATTACH PARTITION ${part} FOR VALUES FROM ('${month}') TO ('${monthAfter(month)}')`),
  );
}

async function missing(sql: Sql, table: MonthlyTable, months: readonly string[]): Promise<string[]> {
  const existing = new Set(await parts(sql, table));
  return months.filter((month) => !existing.has(partOf(table, month)));
}

async function parts(sql: Sql, table: MonthlyTable): Promise<string[]> {
  const rows = await sql.run(listParts, [table]);
  return rows.map(({ part }) => part).filter((part) => /_\d{4}_\d{2}$/.test(part));
}

const partOf = (table: MonthlyTable, month: string): string => `${table}_${month.slice(0, 7).replace('-', '_')}`;

/** Run once and not worth preparing: without a name the driver forgets it. */
const ddl = (text: string): Statement => ({ name: '', text });
