import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '..');
export const FIXTURES = path.join(import.meta.dirname, 'fixtures');
export const WRITE_KEY = 'bench-write-key';

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;

/** The real service, in a process of its own. */
export interface Service {
  url: string;
  /** CPU milliseconds used so far, and bytes of memory held now. */
  usage(): Promise<{ cpu: number; memory: number }>;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
// Nothing is left running, however the benchmark ends.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Starts a child that ends with this process, or before. */
export function startChild(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH, HOME, ...(TMPDIR !== '' && { TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

/** Ends a child in order; by force when it takes too long. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}

/** Asks a child for one answer. */
export function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer));
    child.send(question, (error) => (error === null ? undefined : reject(error)));
  });
}

/**
 * Starts the built service for `roles` on a database, with the scenario, policy and templates of the benchmark.
 * `settings` are further variables of its environment.
 */
export async function startService(
  databaseUrl: string,
  roles: string,
  settings: Record<string, string> = {},
): Promise<Service> {
  // To look closer: BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/profiles' npm run bench -- journey
  const profile = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [];
  const child = startChild(
    [
      ...profile,
      '--import',
      pathToFileURL(path.join(import.meta.dirname, 'probe.mjs')).href,
      path.join(ROOT, 'dist', 'cli', 'main.js'),
      'start',
    ],
    {
      DATABASE_URL: databaseUrl,
      ROLE: roles,
      PORT: '0',
      SECRET: 'a-secret-of-the-benchmark-only',
      WRITE_KEY,
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: 'correct horse battery',
      SCENARIOS_DIR: path.join(FIXTURES, 'scenarios'),
      TEMPLATES_DIR: path.join(FIXTURES, 'templates'),
      SAMPLE_DATA: 'false',
      LOG_LEVEL: 'warn',
      ...settings,
    },
  );
  return {
    url: await listening(child),
    usage: async () => {
      const { cpu, memory } = await ask<{ cpu: NodeJS.CpuUsage; memory: number }>(child, {});
      return { cpu: (cpu.user + cpu.system) / 1000, memory };
    },
    stop: () => stopChild(child),
  };
}

/** The address that the service prints when it takes requests. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the service does not start')), START_PATIENCE_MS);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const url = /^Relance is running at (\S+)/.exec(line)?.[1];
      if (url === undefined) {
        // What it has to say besides is about what went wrong.
        if (line.startsWith('{')) process.stderr.write(`${line}\n`);
        return;
      }
      clearTimeout(timer);
      resolve(url);
    });
  });
}
