import { relance } from '../../support/relance.ts';
import { startWithProgramme, type ConsentTestService } from '../../consent/programme.ts';
import { ADMIN, basic } from '../../support/service.ts';

const HOUR = 3_600_000;

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine']);
}, 60_000);
afterAll(() => service?.close());

/** A domain of which 4 of 1,000 mails were complained about within the last hour, and whose marketing is stopped for it. */
beforeEach(async () => {
  const now = Date.now();
  const hour = now - (now % HOUR);
  for (const table of ['breaker', 'delivery_count']) await service.db.dataSource.query(`DELETE FROM ${table}`);
  await service.db.dataSource.query(
    `INSERT INTO breaker (domain, state, cause, rate, since) VALUES ('example.com', 'stopped', 'complaints', 0.004, to_timestamp($1))`,
    [now / 1000],
  );
  await service.db.dataSource.query(
    `INSERT INTO delivery_count (domain, hour, handed, complained) VALUES ('example.com', to_timestamp($1), 1000, 4)`,
    [hour / 1000],
  );
});

const call = (path: string, method = 'GET', authorization = basic(ADMIN.email, ADMIN.password)): Promise<Response> =>
  fetch(`${service.url}/api/breakers${path}`, { method, headers: { authorization } });
const lifted = async (): Promise<unknown[]> =>
  service.db.dataSource.query(
    `SELECT actor, subject FROM audit WHERE action LIKE 'breaker.%' ORDER BY at DESC, id DESC LIMIT 1`,
  );

describe('L19: what is stopped is seen, and lifted by a person whose name is kept', () => {
  test('over HTTP', async () => {
    const found = (await (await call('')).json()) as { breakers: object[] };
    expect(found.breakers).toMatchObject([
      {
        domain: 'example.com',
        state: 'stopped',
        cause: 'complaints',
        handed: 1000,
        complained: 4,
        rates: { complaints: 0.004, bounces: 0, failures: 0 },
      },
    ]);
    const response = await call('/example.com/lift', 'POST');
    expect([response.status, await response.json()]).toEqual([200, { lifted: true }]);
    expect(await lifted()).toEqual([{ actor: ADMIN.email, subject: 'example.com' }]);
    const again = await call('/example.com/lift', 'POST');
    expect([again.status, await again.json()]).toEqual([
      404,
      expect.objectContaining({ type: 'urn:relance:problem:not-stopped' }),
    ]);
  });

  test('S1: nobody without an account sees or lifts anything', async () => {
    for (const [path, method] of [
      ['', 'GET'],
      ['/example.com/lift', 'POST'],
    ] as const)
      expect((await call(path, method, basic(ADMIN.email, 'wrong'))).status).toBe(401);
    expect(await service.db.dataSource.query(`SELECT state FROM breaker`)).toEqual([{ state: 'stopped' }]);
  });

  test('at the command line', async () => {
    const breaker = (...args: string[]) =>
      relance(process.cwd(), ['breaker', ...args], {
        DATABASE_URL: service.db.url,
        SECRET: 'a-secret-of-the-tests-only',
      });
    expect((await breaker('list')).out).toMatch(
      /^example\.com {2}stopped by complaints since \S+: 1000 handed over, 0\.40 % complaints, 0\.00 % bounces, 0\.00 % failures\n$/,
    );
    expect(await breaker('lift', 'example.com')).toMatchObject({
      code: 0,
      out: 'Marketing leaves from example.com again.\n',
    });
    expect(await lifted()).toEqual([{ actor: 'cli', subject: 'example.com' }]);
    expect(await breaker('lift', 'example.com')).toMatchObject({
      code: 1,
      error: expect.stringContaining('example.com is not stopped') as string,
    });
  });
});
