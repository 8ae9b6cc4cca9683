import { performance } from 'node:perf_hooks';
import type { Database } from './database.ts';
import { DatabaseUnavailable } from './failure.ts';
import type { Statement } from './statement.ts';

/** After a refusal it is not believed for so many milliseconds: most outages show again and again, and not everywhere. */
const REFUSES_FOR = 5_000;

const look: Statement<{ migrations: number; readOnly: boolean }> = {
  name: 'database-look',
  text: `
    SELECT count(*)::int AS migrations, current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery() AS "readOnly"
    FROM migration`,
};

/** Takes new room on the disk, which what was freed by others would hide, and gives it back. */
const write: Statement = {
  name: '',
  text: `CREATE TEMPORARY TABLE relance_probe ON COMMIT DROP AS SELECT repeat('x', 1000) FROM generate_series(1, 100)`,
};

/**
 * Whether the database works: it answers, may be written to, and has room where it lately had none. Returns the number of
 * migrations. Throws DatabaseUnavailable.
 */
export async function isUsable(database: Database): Promise<number> {
  const [row] = await database.run(look);
  if (row!.readOnly) throw new DatabaseUnavailable('the database is read-only', null, false);
  const { refusedAt } = database;
  if (refusedAt === null) return row!.migrations;
  if (performance.now() - refusedAt < REFUSES_FOR)
    throw new DatabaseUnavailable('the database refused to work a moment ago', null, false);
  try {
    await database.transaction((sql) => sql.run(write));
  } catch (error) {
    // Who may make no temporary tables can only be told by what comes next.
    if (error instanceof DatabaseUnavailable) throw error;
  }
  if (database.refusedAt === refusedAt) database.refusedAt = null;
  return row!.migrations;
}
