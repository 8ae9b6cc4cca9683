import type { Database } from './database.ts';
import type { Sql, Statement } from './statement.ts';

const asItIs: Statement = {
  name: 'database-as-it-is',
  text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
};

const exportSnapshot: Statement<{ name: string }> = {
  name: 'database-export-snapshot',
  text: 'SELECT pg_export_snapshot() AS name',
};

/**
 * Lets `work` look: all that it reads is of one instant, and PostgreSQL refuses it every write. `shared` names the
 * instant of another connection's snapshot, which must still be open.
 */
export function snapshot<T>(database: Database, work: (sql: Sql) => Promise<T>, shared?: string): Promise<T> {
  return database.transaction(async (sql) => {
    await sql.run(asItIs);
    if (shared !== undefined) await sql.run(takeUp(shared));
    return work(sql);
  });
}

/** Names this snapshot, so that other connections can take it up for as long as it is open. */
export async function shareSnapshot(sql: Sql): Promise<string> {
  const [row] = await sql.run(exportSnapshot);
  return row!.name;
}

/** The statement takes no parameters; a name is PostgreSQL's own, such as `00000003-0000001B-1`. */
function takeUp(name: string): Statement {
  if (!/^[0-9A-F-]+$/i.test(name)) throw new RangeError(`not the name of a snapshot: ${name}`);
  return { name: `database-snapshot-${name}`, text: `SET TRANSACTION SNAPSHOT '${name}'` };
}
