import type { DataSource } from 'typeorm';
import pg from 'pg';
import { connect, createDataSource, Database } from '../../src/database/index.ts';

export interface TestDatabase {
  /** For a service, child process or client of its own. */
  url: string;
  database: Database;
  dataSource: DataSource;
  /** Closes `dataSource` and drops the database; throws when a connection to it was left open. */
  close(): Promise<void>;
}

let made = 0;

/**
 * A database of its own, empty and migrated: a copy of the run's template, in about 50 ms. Use one a test file, or
 * one a test where tests disturb each other:
 *
 *     let db: TestDatabase;
 *     beforeAll(async () => { db = await createTestDatabase(); });
 *     afterAll(() => db.close());
 */
export async function createTestDatabase({ poolSize = 10 } = {}): Promise<TestDatabase> {
  const server = await testServer();
  const name = `t_${process.pid}_${process.env['JEST_WORKER_ID']}_${++made}_${Math.random().toString(36).slice(2, 8)}`;
  await administer(server.url, `CREATE DATABASE ${name} TEMPLATE ${server.template}`);
  const url = withDatabase(server.url, name);
  const dataSource = createDataSource({ url, poolSize });
  await connect(dataSource);
  return {
    url,
    database: new Database(dataSource),
    dataSource,
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await drop(server.url, name);
    },
  };
}

/** An empty database without tables, for tests of migrations. */
export async function createEmptyDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const server = await testServer();
  const name = `e_${process.pid}_${process.env['JEST_WORKER_ID']}_${++made}_${Math.random().toString(36).slice(2, 8)}`;
  await administer(server.url, `CREATE DATABASE ${name}`);
  return { url: withDatabase(server.url, name), close: () => drop(server.url, name) };
}

/** The run's server, started by test/support/global-setup.mjs when the first test asks. */
async function testServer(): Promise<{ url: string; template: string }> {
  const response = await fetch(process.env['RELANCE_TEST_DOOR']!);
  if (!response.ok) throw new Error(`the tests' PostgreSQL did not start: ${await response.text()}`);
  return (await response.json()) as { url: string; template: string };
}

/** PostgreSQL waits five seconds for connections that are going away; one that stays was leaked. */
async function drop(serverUrl: string, name: string): Promise<void> {
  try {
    await administer(serverUrl, `DROP DATABASE ${name}`);
  } catch (error) {
    const leaks = await administer(
      serverUrl,
      `SELECT application_name, state, left(query, 200) AS query FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await administer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    throw new Error(`the test left connections open: ${JSON.stringify(leaks)}`, { cause: error });
  }
}

async function administer(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
