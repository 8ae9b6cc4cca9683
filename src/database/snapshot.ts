import type { Database } from './database.ts';
import type { Sql, Statement } from './statement.ts';

const asItIs: Statement = {
  name: 'database-as-it-is',
  text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
};

/** Lets `work` look: all that it reads is of one instant, and PostgreSQL refuses it every write. */
export function snapshot<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (sql) => {
    await sql.run(asItIs);
    return work(sql);
  });
}
