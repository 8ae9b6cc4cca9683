import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../src/database/embedded/index.ts';

/** A PostgreSQL with the product's own settings, durability included, in a temporary folder. */
export interface Server {
  /** Makes an empty database; returns its address. The service that is started on it makes the tables. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it; `stop` removes every trace. */
export async function startServer(): Promise<Server> {
  const dir = mkdtempSync(path.join(tmpdir(), 'relance-bench-'));
  // As root the server runs as another account, which must be able to pass through.
  chmodSync(dir, 0o755);
  const embedded = await startEmbedded({ dir, log: () => {} });
  const place = realpathSync(path.join(dir, 'postgres'));
  let made = 0;
  return {
    createDatabase: async () => {
      const name = `bench_${++made}`;
      await query(embedded.url, `CREATE DATABASE ${name}`);
      const url = new URL(embedded.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    stop: async () => {
      await embedded.stop();
      for (const folder of [place, dir]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return connected(url, async (client) => (await client.query<Row>(text, values)).rows);
}

/** Lends a connection of its own. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
