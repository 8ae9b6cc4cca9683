import { spawn } from 'node:child_process';
import {
  chownSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UserError } from '../../shared/errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { program } from './binaries.ts';
import { isAlive } from './postmaster.ts';

/** The superuser of an embedded cluster. */
export const USER = 'relance';

/** A cluster's folder and how its programs are run. */
export interface Cluster {
  /** Holds `data/`, and the programs where they had to be copied. */
  place: string;
  dataDir: string;
  binaries: Binaries;
  /** Absent: the account of this process. */
  account?: Account;
}

/** Modest settings for one service on one machine. Nothing here trades durability for speed. */
const SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '60',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  listen_addresses: '127.0.0.1',
  // Socket paths are limited to about 100 characters, and a project's path is not.
  unix_socket_directories: '',
  random_page_cost: '1.1',
  jit: 'off',
  // Containers give 64 MB of shared memory, which parallel queries exceed.
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  huge_pages: 'off',
};

interface Outcome {
  code: number;
  output: string;
}

/** Runs a program of the cluster to its end, as the cluster's account. */
function run(cluster: Cluster, name: 'initdb' | 'pg_ctl', args: readonly string[]): Promise<Outcome> {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(PG|LC_|LANG)/.test(key));
  return new Promise((resolve, reject) => {
    const child = spawn(program(cluster.binaries, name), args, {
      // A server inherits this folder as its own; the caller's may be one the account cannot enter.
      cwd: cluster.place,
      env: { ...Object.fromEntries(inherited), LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...cluster.account,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    // Not 'close': a server started by pg_ctl may keep the pipes open for as long as it lives.
    child.on('exit', (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code: code ?? 1, output: output.trim() });
    });
  });
}

const own = (cluster: Cluster, file: string): void => {
  if (cluster.account !== undefined) chownSync(file, cluster.account.uid, cluster.account.gid);
};

/**
 * Makes the cluster unless there is one. Built aside and renamed: a start that was killed leaves no half of it,
 * and of two first starts one wins.
 */
export async function makeCluster(cluster: Cluster, password: string): Promise<void> {
  if (existsSync(cluster.dataDir)) return checkVersion(cluster);
  const draft = path.join(cluster.place, `draft-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  own(cluster, draft);
  const secret = path.join(draft, 'password');
  writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  own(cluster, secret);
  const data = path.join(draft, 'data');
  mkdirSync(data, { mode: 0o700 });
  own(cluster, data);
  try {
    const { code, output } = await run(cluster, 'initdb', [
      `--pgdata=${data}`,
      `--username=${USER}`,
      `--pwfile=${secret}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // Letters beyond ASCII have upper and lower case, and no library of the system decides how they sort.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
    if (code !== 0)
      throw new UserError(`The embedded PostgreSQL could not be set up in ${cluster.place}: ${lastLines(output)}`);
    renameSync(data, cluster.dataDir);
  } catch (error) {
    if (!existsSync(cluster.dataDir)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeLeftDrafts(cluster.place);
}

/** Folders of first starts that were killed; that of one under way is still written to. */
function removeLeftDrafts(place: string): void {
  for (const name of readdirSync(place)) {
    const maker = /^draft-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      rmSync(path.join(place, name), { recursive: true, force: true });
  }
}

function checkVersion(cluster: Cluster): void {
  let made: string;
  try {
    made = readFileSync(path.join(cluster.dataDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      throw new UserError(
        `The database in ${cluster.dataDir} belongs to another account: start Relance as the user who started it first, or as root`,
      );
    }
    throw new UserError(
      `${cluster.dataDir} is not a whole PostgreSQL database: put it back from a copy, or remove it to start empty`,
    );
  }
  if (made !== cluster.binaries.major) {
    throw new UserError(
      `The database in ${cluster.dataDir} was made by PostgreSQL ${made}, and this Relance brings ${cluster.binaries.major}: ` +
        `dump it with PostgreSQL ${made} and load the dump into a new one`,
    );
  }
}

/** Starts the server and waits until it answers. @returns undefined, or what it said when it did not start */
export async function startServer(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const log = path.join(cluster.place, 'postgres.log');
  writeFileSync(log, '', { mode: 0o600 });
  chmodSync(log, 0o600);
  own(cluster, log);
  const options = Object.entries({ ...SETTINGS, ...settings, port: String(port) })
    .map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`)
    .join(' ');
  const { code, output } = await run(cluster, 'pg_ctl', [
    'start',
    '-w',
    '-t',
    '120',
    '-D',
    cluster.dataDir,
    '-l',
    log,
    '-o',
    options,
  ]);
  return code === 0 ? undefined : lastLines(`${output}\n${readFileSync(log, 'utf8')}`);
}

/** Stops the server, ending its connections; whatever it had committed is safe. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const stop = (mode: string, seconds: number): Promise<Outcome> =>
    run(cluster, 'pg_ctl', ['stop', '-w', '-t', String(seconds), '-m', mode, '-D', cluster.dataDir]);
  const { code } = await stop('fast', 30);
  if (code !== 0) await stop('immediate', 10);
}

function lastLines(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-4)
    .join(' | ');
}
