import type { DataSource } from 'typeorm';

/** Advisory lock numbers of this database; any two processes of Relance agree on them. */
export const MIGRATION_LOCK = 7_235_001;
export const PARTITION_LOCK = 7_235_002;

/**
 * Brings the schema up to date. Any number of processes may do so at once: one migrates, the others wait for it and
 * find nothing left to do. Returns the names of the migrations that were run here.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    // Held by the session: each migration has a transaction of its own, and a lost connection lets go of it.
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map((migration) => migration.name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}
