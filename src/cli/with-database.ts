import type { DataSource } from 'typeorm';
import type { Config } from '../config/index.ts';
import { joinEmbedded } from '../database/embedded/index.ts';
import {
  connect,
  createDataSource,
  Database,
  ensureMonthsAhead,
  migrate,
  snapshot,
  type Sql,
} from '../database/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';

/** Verbs work one statement at a time. */
const POOL_SIZE = 2;

/**
 * Lets a verb use the database of the settings, migrated, and closes it after. Without DATABASE_URL that is the
 * embedded one: beside the service when it runs, else started for as long as `work` takes.
 */
export async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  return connected(config, async (dataSource) => {
    await migrate(dataSource);
    const database = new Database(dataSource);
    await ensureMonthsAhead(database, systemClock.now());
    return work(database);
  });
}

/** PostgreSQL's `undefined_table` and `undefined_column`. */
const OTHER_SCHEMA = new Set(['42P01', '42703']);

/**
 * The same for a verb that only looks: nothing is migrated, PostgreSQL refuses every write, and what is read is of
 * one instant. Throws UserError when the schema is not the one this version of Relance knows.
 */
export async function withDatabaseAsItIs<T>(config: Config, work: (sql: Sql) => Promise<T>): Promise<T> {
  return connected(config, (dataSource) => ofThisVersion(() => snapshot(new Database(dataSource), work)));
}

/** The same for work with connections of its own, which look no less: it is given the address. */
export async function withDatabaseUrl<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  return reachable(config, (url) => ofThisVersion(() => work(url)));
}

async function ofThisVersion<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!OTHER_SCHEMA.has(String((error as { code?: unknown }).code))) throw error;
    throw new UserError('This database is not of this version yet: run `relance apply`, which brings it up to date');
  }
}

async function connected<T>(config: Config, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  return reachable(config, async (url) => {
    const dataSource = createDataSource({ url, poolSize: POOL_SIZE });
    await connect(dataSource);
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  });
}

async function reachable<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.databaseUrl !== undefined) return work(config.databaseUrl);
  const embedded = await joinEmbedded({ dir: config.dataDir, log: (line) => process.stderr.write(`${line}\n`) });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}
