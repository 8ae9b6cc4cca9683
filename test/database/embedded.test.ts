import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Embedded } from '../../src/database/embedded/index.ts';
import { startEmbedded } from '../../src/database/embedded/index.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const FAST = { fsync: 'off' };

/** A service that holds a folder: prints the database's address, stops on SIGTERM. */
const HOLDER = `
  const { startEmbedded } = await import('./src/database/embedded/index.ts');
  try {
    const embedded = await startEmbedded({ dir: process.argv[1], log: () => {}, settings: { fsync: 'off' } });
    process.on('SIGTERM', () => embedded.stop().then(() => process.exit(0)));
    console.log(embedded.url);
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log(error.name + ': ' + error.message);
    process.exit(1);
  }
`;

let folder: string;
let dir: string;
const running: Embedded[] = [];
const children: ChildProcess[] = [];

async function start(): Promise<Embedded> {
  const embedded = await startEmbedded({ dir, log: () => undefined, settings: FAST });
  running.push(embedded);
  return embedded;
}

/** Starts a holder in a process of its own. @returns the process and the first line it prints */
async function hold(): Promise<{ child: ChildProcess; line: string }> {
  const node = ['--import', './test/support/register.mjs', '--input-type=module', '--eval', HOLDER, dir];
  const child = spawn(process.execPath, node, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { child, line };
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function until<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 200) throw error;
      await delay(50);
    }
  }
}

const postmasterPid = (): number =>
  Number(readFileSync(path.join(dir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** Makes the following start a first start. */
function anew(): void {
  dir = path.join(mkdtempSync(path.join(folder, 'a project ')), '.relance');
  chmodSync(path.dirname(dir), 0o755);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'relance embedded '));
  chmodSync(folder, 0o755);
  anew();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map((embedded) => embedded.stop()));
  // A killed holder leaves its server behind, as it should.
  if (existsSync(path.join(dir, 'postgres', 'data', 'postmaster.pid'))) await (await start()).stop();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  test('a first start makes it, in a path with spaces; the next one finds what was kept', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(existsSync(path.join(dir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('durable, in UTC, with letters of every language, on the loopback address only', async () => {
    const { url } = await startEmbedded({ dir, log: () => undefined }).then((embedded) => {
      running.push(embedded);
      return embedded;
    });
    const [row] = await query<Record<string, string>>(
      url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
        current_setting('timezone') as zone, current_setting('listen_addresses') as address,
        current_setting('unix_socket_directories') as sockets, upper('é') as upper`,
    );
    expect(row).toEqual({ fsync: 'on', commit: 'on', zone: 'UTC', address: '127.0.0.1', sockets: '', upper: 'É' });
  });

  test('the password is readable by its owner only, and needed', async () => {
    const { url } = await start();
    expect(statSync(path.join(dir, 'postgres.password')).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  test('a second process on the same folder is refused, and says who holds it', async () => {
    const { child, line } = await hold();
    await expect(start()).rejects.toThrow(new RegExp(`already runs on .*process ${child.pid}.*stop it first`));
    expect(await query(line, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('of two first starts at the same moment one wins and the other is refused', async () => {
    anew();
    const lines = (await Promise.all([hold(), hold()])).map(({ line }) => line.split(':')[0]);
    expect(lines.sort()).toEqual(['UserError', 'postgres']);
  });

  test('kill -9 of the service: the next start takes over the server that runs on, and loses nothing', async () => {
    const { child, line } = await hold();
    await query(line, 'create table survivor as select 1 as one');
    const pid = postmasterPid();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await start();
    expect(postmasterPid()).toBe(pid);
    expect(await query(next.url, 'select one from survivor')).toEqual([{ one: 1 }]);
  });

  test('kill -9 of the service and of the server: the next start recovers', async () => {
    const { child, line } = await hold();
    await query(line, 'create table recovered as select 1 as one');
    child.kill('SIGKILL');
    process.kill(postmasterPid(), 'SIGKILL');
    await once(child, 'exit');
    const next = await start();
    expect(await query(next.url, 'select one from recovered')).toEqual([{ one: 1 }]);
  });

  test('a postmaster.pid whose number now belongs to another program does not stop a start', async () => {
    await (await start()).stop();
    const data = path.join(dir, 'postgres', 'data');
    writeFileSync(path.join(data, 'postmaster.pid'), [process.pid, data, 1, 5432, '', '127.0.0.1', ''].join('\n'));
    const next = await start();
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a server that dies under the service comes back on the same port', async () => {
    const { url } = await start();
    process.kill(postmasterPid(), 'SIGKILL');
    expect(await until(() => query(url, 'select 1 as one'))).toEqual([{ one: 1 }]);
    await until(async () => expect(await heldLocks(url)).toBe(1));
  });

  test('one of its processes dies: the folder stays held', async () => {
    const { url } = await start();
    await query(url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'relance %'`);
    await until(async () => expect(await heldLocks(url)).toBe(1));
  });

  test('SIGTERM stops the server', async () => {
    const { child } = await hold();
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(existsSync(path.join(dir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  test('a first start that was killed half-way leaves nothing in the way', async () => {
    anew();
    const gone = spawnSync(process.execPath, ['--eval', '']).pid;
    // A draft is named after the process that makes it: the parent of this one is still there.
    const drafts = [gone, process.ppid].map((pid) => path.join(dir, 'postgres', `draft-${pid}`));
    for (const draft of drafts) mkdirSync(path.join(draft, 'data'), { recursive: true });
    await start();
    expect(drafts.map((draft) => existsSync(draft))).toEqual([false, true]);
  });

  test('data of another major version, or a lost password, is refused with what to do', async () => {
    await (await start()).stop();
    const version = path.join(dir, 'postgres', 'data', 'PG_VERSION');
    const made = readFileSync(version, 'utf8');
    writeFileSync(version, '12\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 12.*dump/);
    writeFileSync(version, made);
    rmSync(path.join(dir, 'postgres.password'));
    await expect(start()).rejects.toThrow(/postgres\.password is missing/);
    anew();
  });
});

async function heldLocks(url: string): Promise<number> {
  const [row] = await query<{ held: string }>(
    url,
    `select count(*) as held from pg_locks where locktype = 'advisory' and granted`,
  );
  return Number(row!.held);
}
