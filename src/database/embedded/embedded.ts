import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { UserError } from '../../shared/errors.ts';
import { accountFor } from './account.ts';
import { prepareBinaries } from './binaries.ts';
import { clusterPlace } from './place.ts';
import { isLeftOver, readPostmaster } from './postmaster.ts';
import type { Cluster } from './server.ts';
import { makeCluster, startServer, stopServer, USER } from './server.ts';
import { writeWhole } from './write-whole.ts';

const DATABASE = 'relance';
/** Any number, as long as nobody else uses it: the lock of the one service that holds the folder. */
const LOCK = 7_355_608;
/** A service that was just killed lets go of its lock within moments. */
const LOCK_PATIENCE_MS = 3_000;
const ATTACH_PATIENCE_MS = 60_000;
const POLL_MS = 50;

export interface EmbeddedOptions {
  /** The folder that belongs to this installation, such as `<project>/.relance`. */
  dir: string;
  /** Told what a person may want to know. */
  log: (line: string) => void;
  /** Server settings beside Relance's own; tests switch durability off with them. */
  settings?: Readonly<Record<string, string>>;
}

export interface Embedded {
  /** Connects as the superuser to the database `relance`. */
  url: string;
  /** Stops the server cleanly. A second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of a folder, or takes over the one that a killed service left running, and holds the
 * folder for this process until `stop`. Should the server die, it is started again on the same port.
 * Throws UserError when another process holds the folder or the server cannot run.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const keeper = await keeperOf(options);
  await keeper.begin();
  return { url: keeper.url(DATABASE), stop: () => keeper.stop() };
}

/**
 * For a short task beside the service: uses the PostgreSQL that the service of this folder runs, and leaves it running;
 * where none runs, starts it and holds the folder until `stop`. Throws UserError when the server cannot run.
 */
export async function joinEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const keeper = await keeperOf(options);
  await keeper.join();
  return { url: keeper.url(DATABASE), stop: () => keeper.stop() };
}

async function keeperOf({ dir, log, settings }: EmbeddedOptions): Promise<Keeper> {
  const place = clusterPlace(dir, log);
  const dataDir = path.join(place, 'data');
  const account = accountFor(dataDir);
  const cluster: Cluster = { place, dataDir, account, binaries: prepareBinaries(place, account) };
  const password = keptPassword(dir, existsSync(dataDir));
  await makeCluster(cluster, password);
  return new Keeper(cluster, dir, password, log, settings);
}

/** The cluster's password, kept where only the owner reads it. */
function keptPassword(dir: string, clusterExists: boolean): string {
  const file = path.join(dir, 'postgres.password');
  if (!existsSync(file)) {
    if (clusterExists)
      throw new UserError(`${file} is missing: put it back from a copy, or remove ${dir} to start empty`);
    writeWhole(file, randomBytes(18).toString('base64url'));
  }
  return readFileSync(file, 'utf8').trim();
}

/** Holds a folder's server: finds or starts it, keeps the lock, starts it again when it dies. */
class Keeper {
  private readonly cluster: Cluster;
  private readonly dir: string;
  private readonly password: string;
  private readonly log: (line: string) => void;
  private readonly settings: Readonly<Record<string, string>>;
  private port = 0;
  private holder: pg.Client | undefined;
  private stopping: Promise<void> | undefined;
  private mending: Promise<void> | undefined;
  /** Another process holds the folder and will stop the server. */
  private visiting = false;

  constructor(
    cluster: Cluster,
    dir: string,
    password: string,
    log: (line: string) => void,
    settings: Readonly<Record<string, string>> = {},
  ) {
    this.cluster = cluster;
    this.dir = dir;
    this.password = password;
    this.log = log;
    this.settings = settings;
  }

  url(database: string): string {
    return `postgres://${USER}:${this.password}@127.0.0.1:${this.port}/${database}?sslmode=disable`;
  }

  async begin(): Promise<void> {
    await this.run();
    if (!(await this.hold(LOCK_PATIENCE_MS))) throw await this.held();
    await this.makeDatabase();
  }

  /** As `begin`, but where another process holds the folder, only visits: that one has made and will stop everything. */
  async join(): Promise<void> {
    await this.run();
    this.visiting = !(await this.hold(0));
    if (!this.visiting) await this.makeDatabase();
  }

  /** Makes sure that a server runs, and learns its port. */
  private async run(): Promise<void> {
    let said = '';
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await this.attach()) return;
      // The port may be taken between asking for it and using it; another service may have started the server.
      this.port = this.port !== 0 && attempt < 3 && (await isFree(this.port)) ? this.port : await freePort();
      const failure = await startServer(this.cluster, this.port, this.settings);
      if (failure === undefined) return;
      said = failure;
    }
    throw new UserError(`The embedded PostgreSQL does not start in ${this.cluster.dataDir}: ${said}`);
  }

  /** Takes a server that already runs on the folder; waits for one that is starting, recovering or stopping. */
  private async attach(): Promise<boolean> {
    const attempts = ATTACH_PATIENCE_MS / POLL_MS;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const postmaster = readPostmaster(this.cluster.dataDir);
      if (postmaster === undefined) return false;
      if (isLeftOver(postmaster, this.cluster.dataDir)) {
        rmSync(path.join(this.cluster.dataDir, 'postmaster.pid'), { force: true });
        return false;
      }
      this.port = postmaster.port;
      const client = this.client('postgres');
      try {
        await client.connect();
        await client.end();
        return true;
      } catch (error) {
        if ((error as { code?: string }).code === '28P01') {
          throw new UserError(`The password in ${this.dir} is not that of the database in ${this.cluster.dataDir}`);
        }
        await delay(POLL_MS);
      }
    }
    throw new UserError(`The PostgreSQL that runs in ${this.cluster.dataDir} does not answer; stop it and start again`);
  }

  private client(database: string): pg.Client {
    const client = new pg.Client({
      connectionString: this.url(database),
      application_name: `relance ${process.pid}`,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    return client;
  }

  /** Takes the folder's lock on a connection of its own: it ends with this process, however that ends. */
  private async hold(patienceMs: number): Promise<boolean> {
    const client = this.client('postgres');
    await client.connect();
    for (let waited = 0; ; waited += POLL_MS) {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [LOCK]);
      if (rows[0]?.held === true) {
        this.holder = client;
        client.on('end', () => this.mend());
        return true;
      }
      if (waited >= patienceMs) break;
      await delay(POLL_MS);
    }
    await client.end();
    return false;
  }

  /** The refusal that names who holds the folder. */
  private async held(): Promise<UserError> {
    const client = this.client('postgres');
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.objid = $1 and l.granted`,
      [LOCK],
    );
    await client.end();
    const other = rows[0]?.name.replace('relance ', 'process ') ?? 'another process';
    return new UserError(
      `Relance already runs on ${this.dir} (${other}): stop it first; ` +
        'for several processes on one database set DATABASE_URL, for a second installation use another folder',
    );
  }

  private async makeDatabase(): Promise<void> {
    const holder = this.holder!;
    const { rowCount } = await holder.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await holder.query(`create database ${DATABASE}`);
  }

  /** The holding connection broke: the server crashed, or was killed. */
  private mend(): void {
    if (this.stopping !== undefined || this.mending !== undefined) return;
    this.holder = undefined;
    this.log('the embedded PostgreSQL went away; starting it again');
    this.mending = this.mendUntilHeld().finally(() => {
      this.mending = undefined;
    });
  }

  private async mendUntilHeld(): Promise<void> {
    for (let pause = 100; this.stopping === undefined; pause = Math.min(pause * 2, 5_000)) {
      try {
        await this.run();
        if (!(await this.hold(LOCK_PATIENCE_MS))) throw await this.held();
        return this.log('the embedded PostgreSQL is back');
      } catch (error) {
        this.log(`the embedded PostgreSQL is not back yet: ${(error as Error).message}`);
        await delay(pause);
      }
    }
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    if (this.visiting) return;
    await this.mending;
    await stopServer(this.cluster);
    await this.holder?.end().catch(() => undefined);
  }
}

/** A port nobody listens on at this moment. */
async function freePort(): Promise<number> {
  return (await listening(0)) ?? 0;
}

async function isFree(port: number): Promise<boolean> {
  return (await listening(port)) !== undefined;
}

function listening(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.on('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as net.AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}
