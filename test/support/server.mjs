// The PostgreSQL of one test run: its own temporary folder and port, and a migrated template to copy databases from.
// With TEST_DATABASE_URL set, that server is used instead; the user in it must be allowed to create databases.
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import './register.mjs';

const PREFIX = 'relance-test-';

export class TestServer {
  #ready;
  #embedded;
  #dir;
  #postmaster;
  #template = `relance_template_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  #url;

  /** Starts on the first call. Returns `{ url, template }`: the server's maintenance database, the template's name. */
  ready() {
    this.#ready ??= this.#start();
    return this.#ready;
  }

  async #start() {
    this.#url = process.env.TEST_DATABASE_URL ?? (await this.#startEmbedded());
    await this.#admin(`CREATE DATABASE ${this.#template}`);
    const { createDataSource, connect, migrate } = await import('../../src/database/index.ts');
    const dataSource = createDataSource({ url: withDatabase(this.#url, this.#template), poolSize: 2 });
    await connect(dataSource);
    await migrate(dataSource);
    await dataSource.destroy();
    return { url: this.#url, template: this.#template };
  }

  async #startEmbedded() {
    this.#postmaster = await import('../../src/database/embedded/postmaster.ts');
    sweep(this.#postmaster);
    this.#dir = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
    // As root the server runs as another user, who must be able to pass through.
    chmodSync(this.#dir, 0o755);
    const { startEmbedded } = await import('../../src/database/embedded/index.ts');
    this.#embedded = await startEmbedded({
      dir: this.#dir,
      log: () => {},
      // Nothing here need survive a crash of the machine.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
    });
    this.#url = this.#embedded.url;
    return this.#url;
  }

  async stop() {
    if (this.#ready === undefined) return;
    await this.#ready.catch(() => {});
    if (this.#embedded === undefined) {
      if (this.#url !== undefined) await this.#admin(`DROP DATABASE IF EXISTS ${this.#template}`);
      return;
    }
    await this.#embedded.stop();
    remove(this.#dir);
    this.#dir = undefined;
  }

  /** For the process's exit, where nothing can be waited for. */
  kill() {
    if (this.#dir !== undefined) discard(this.#dir, this.#postmaster);
  }

  async #admin(sql) {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

export function withDatabase(url, name) {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Ends and removes what runs that were killed (`kill -9`) have left behind; runs that are alive are left alone. */
function sweep(postmaster) {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) discard(path.join(tmpdir(), name), postmaster);
  }
}

function discard(dir, { readPostmaster, isLeftOver }) {
  try {
    const data = realpathSync(path.join(dir, 'postgres', 'data'));
    const postmaster = readPostmaster(data);
    if (postmaster !== undefined && !isLeftOver(postmaster, data)) process.kill(postmaster.pid, 'SIGQUIT');
  } catch {
    // It does not run.
  }
  remove(dir);
}

/** The folder, and where the cluster really is: elsewhere, when its account cannot reach the temporary folder. */
function remove(dir) {
  for (const place of [path.join(dir, 'postgres'), dir]) {
    try {
      rmSync(realpathSync(place), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    } catch {
      // It was never made, or another run is removing it too.
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
