import pg from 'pg';
import { startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
/** Beside the service's own, which may be made read-only. */
let admin: pg.Client;

beforeAll(async () => {
  service = await startService();
  admin = new pg.Client({ connectionString: service.db.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await service.close();
});

let sent = 0;
const track = (): Promise<Response> =>
  service.post('/v1/track', { userId: 'ada', event: 'Signed Up', messageId: `outage-${++sent}` });
const ready = async (): Promise<number> => {
  const answer = await fetch(`${service.url}/health/ready`);
  await answer.text();
  return answer.status;
};

/** 503 with what a client needs to send it again. */
async function expectOutage(): Promise<void> {
  const answer = await track();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ type: 'urn:relance:problem:unavailable', status: 503 });
}

async function expectItsEnd(): Promise<void> {
  expect((await track()).status).toBe(200);
  await until(async () => (await ready()) === 200, { within: 15_000, what: () => 'ready again' });
}

const OUTAGES: [code: string, what: string][] = [
  ['53100', 'could not extend file: No space left on device'],
  ['53200', 'out of memory'],
  ['53300', 'too many connections'],
  ['58030', 'could not read block 0: Input/output error'],
  ['57014', 'canceling statement due to statement timeout'],
  ['57P02', 'terminating connection because of crash of another server process'],
  ['08006', 'connection failure'],
];

test.each(OUTAGES)(
  '%s (%s) is an outage: 503 with Retry-After, not ready while it lasts, and over with it',
  async (code, what) => {
    await admin.query(`
      CREATE OR REPLACE FUNCTION outage() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '${what}' USING ERRCODE = '${code}'; END $$;
      CREATE TRIGGER outage BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION outage()`);
    try {
      await expectOutage();
      // One connection that was lost is none of the others' business.
      expect(await ready()).toBe(/^(57P|08)/.test(code) ? 200 : 503);
    } finally {
      await admin.query('DROP TRIGGER outage ON event');
    }
    await expectItsEnd();
  },
);

test('a database that has become read-only (25006) is an outage, noticed also where nothing is written', async () => {
  const own = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'relance%'`;
  const set = (value: string): Promise<unknown> =>
    admin.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ${value}', current_database()); END $$`);
  await admin.query('SET default_transaction_read_only = off');
  await set('SET default_transaction_read_only = on');
  await admin.query(own);
  try {
    await until(async () => (await ready()) === 503, { within: 15_000 });
    await expectOutage();
  } finally {
    await admin.query('SET default_transaction_read_only = off');
    await set('RESET default_transaction_read_only');
    await admin.query(own);
  }
  await until(async () => (await track()).status === 200, { within: 15_000 });
  await expectItsEnd();
});

test('a mistake of ours stays one: it is told as 500, and no reason to be taken out of service', async () => {
  await admin.query(`
    CREATE OR REPLACE FUNCTION mistake() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'division by zero' USING ERRCODE = '22012'; END $$;
    CREATE TRIGGER mistake BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION mistake()`);
  expect((await track()).status).toBe(500);
  expect(await ready()).toBe(200);
  await admin.query('DROP TRIGGER mistake ON event');
  expect((await track()).status).toBe(200);
});
