import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { connect, createDataSource } from '../../src/database/index.ts';
import { PLACES, writeFolder } from '../rehearsal/people.ts';
import { publish } from '../rehearsal/forecast/setting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { builtMain } from '../support/built.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { relanceProcess } from '../support/relance.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;
const USERS = 12;

let folder: string;
let db: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  const policy = readFileSync(path.join(PLACES.scenariosDir, 'policy.yaml'), 'utf8');
  folder = await writeFolder({
    'strict.yaml': policy.replaceAll(/max: \d+/g, 'max: 1'),
    'rates.yaml': 'events: [{ event: Form Submitted, perDay: 6, properties: { form: newsletter } }]',
  });
  db = await createTestDatabase({ poolSize: 2 });
  env = {
    SCENARIOS_DIR: PLACES.scenariosDir,
    TEMPLATES_DIR: PLACES.templatesDir,
    DATABASE_URL: db.url,
    SECRET: 'a-secret-of-the-tests-only',
  };
  const now = Date.now();
  const run = new PostgresRun(db.database, await publish(db.database, now - 20 * DAY), now - 20 * DAY);
  for (let n = 0; n < USERS; n++) {
    await run.identify(`user-${n}`, {
      email: `user-${n}@example.com`,
      locale: 'fr',
      timezone: 'Europe/Paris',
      country: 'FR',
    });
    await run.consent(`user-${n}`, 'granted', 'email', 'newsletter');
  }
  await run.settleInstant();
  await run.runUntil(now - 3 * DAY);
  for (let n = 0; n < USERS; n++) await run.track(`user-${n}`, 'Form Submitted', { form: 'newsletter' });
  await run.settleInstant();
  await run.runUntil(now);
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

interface Found {
  policies: { policy: string; entries: object; held: object[] }[];
}

const forecast = (args: string) => relanceProcess(folder, ['forecast', ...args.split(' ')], env);

describe('relance forecast', () => {
  test('plays the base in threads that share one instant, and puts two policies side by side', () => {
    const { code, out, error } = forecast('--days 14 --replay 7d --policy strict.yaml --workers 2 --json');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const found = JSON.parse(out) as Found;
    expect(found).toMatchObject({
      complete: true,
      sample: 1,
      contacts: { now: USERS },
      input: { kind: 'replay', weeks: 1 },
    });
    expect(found.policies.map(({ policy }) => policy)).toEqual(['policy.yaml', 'strict.yaml']);
    // The same people do the same under both; what differs is what the policy makes of it.
    expect(found.policies[1]!.entries).toEqual(found.policies[0]!.entries);
    expect(found.policies[1]!.held.length).toBeGreaterThan(found.policies[0]!.held.length);
  }, 120_000);

  test('a sample is told with its margins, for one scenario of all, with events drawn from rates', () => {
    const { code, out } = forecast(
      '--days 7 --sample 50% --scenario newsletter-welcome --workers 1 --rates rates.yaml',
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Forecast over 7 days: [^\n]+\nof newsletter-welcome; all others run beside\n12 contacts, of whom /,
    );
    expect(out).toMatch(/\n\d+ events, drawn from the rates \(seed 1\)\nA sample of 50 % \(seed 1\): ± is the margin/);
    expect(out).toMatch(/\nentries +\d+ ± \d+/);
  }, 120_000);

  test('Ctrl-C: what was counted by then is reported as an estimate that says so, and the exit code is 130', async () => {
    // Threads wait for the inbox as long as somebody else has it.
    const other = createDataSource({ url: db.url, poolSize: 1 });
    await connect(other);
    const holder = other.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE');
    const child = spawn(process.execPath, [builtMain(), 'forecast', '--days', '7', '--workers', '1'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(
      async () => {
        const waiting = await db.database.run<{ count: number }>({
          name: 'test-waiting-for-inbox',
          text: `SELECT count(*) AS count FROM pg_locks WHERE relation = 'inbox'::regclass AND NOT granted`,
        });
        return waiting[0]!.count > 0;
      },
      { within: 60_000 },
    );
    child.kill('SIGINT');
    await holder.rollbackTransaction();
    await holder.release();
    await other.destroy();
    expect(await ended).toBe(130);
    expect(out).toContain('STOPPED before its end: what follows is estimated from those who had been simulated');
  }, 120_000);
});
