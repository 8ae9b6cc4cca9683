import { gzipSync } from 'node:zlib';
import { Limits } from '../../src/access/index.ts';
import { SignIn } from '../../src/access/sign-in.service.ts';
import { hashPassword } from '../../src/access/password.ts';
import { addAccount, changingAccess, setPassword } from '../../src/access/accounts.store.ts';
import { Problem } from '../../src/http/index.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { ADMIN, basic, startService, testConfig, type TestService } from '../support/service.ts';

const PASSWORD = 'correct horse battery';
/** What takes no time, where many passwords are tried. */
const CHEAP = { N: 2, r: 1, p: 1 };

describe('over HTTP', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  const tried = (password: string, email = ADMIN.email): Promise<Response> =>
    fetch(`${service.url}/metrics`, { headers: { authorization: basic(email, password) } });

  test('of 300 passwords that are tried at once ten are looked at, and events go on meanwhile', async () => {
    const began = performance.now();
    const guesses = Promise.all(Array.from({ length: 300 }, (_, number) => tried(`wrong ${number}`)));
    const body = gzipSync(JSON.stringify({ userId: 'ada', event: 'X' }));
    const event = await service.post('/v1/track', body, { 'content-encoding': 'gzip' });
    expect(event.status).toBe(200);
    const passed = performance.now() - began;
    const answers = await guesses;
    const all = performance.now() - began;
    const looked = answers.filter(({ status }) => status === 401).length;
    expect(looked).toBeLessThanOrEqual(10);
    for (const { status, headers } of answers.filter(({ status: each }) => each !== 401)) {
      expect([429, 503]).toContain(status);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // It does not wait until all guesses are answered.
    expect(passed).toBeLessThan(all);
  });
});

describe('several processes', () => {
  let db: TestDatabase;
  const clock = new VirtualClock(Date.parse('2026-03-02T09:00:00Z'));
  const process = (): SignIn => new SignIn(db.database, new Limits(db.database, testConfig(db.url, '.'), clock), clock);
  const statusOf = async (trying: Promise<unknown>): Promise<number> => {
    try {
      return (await trying) === null ? 401 : 200;
    } catch (error) {
      return (error as Problem).status;
    }
  };
  const add = async (email: string): Promise<void> => {
    const passwordHash = await hashPassword(PASSWORD, CHEAP);
    await changingAccess(db.database, (sql) =>
      addAccount(sql, { email, role: 'admin', passwordHash }, { by: 'test', at: clock.now() }),
    );
  };
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  beforeEach(() => db.dataSource.query('TRUNCATE rate_limit, sign_in_place'));
  afterAll(() => db.close());

  test('share what was tried', async () => {
    await add('one@example.com');
    const both = [process(), process()];
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, number) =>
        statusOf(both[number % 2]!.signIn('one@example.com', `wrong ${number}`, '203.0.113.1')),
      ),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(14);
    // From elsewhere, too, an account is not guessed at without an end.
    for (let number = 0; number < 20; number++)
      await statusOf(process().signIn('one@example.com', `other ${number}`, `198.51.100.${number}`));
    expect(await statusOf(process().signIn('one@example.com', PASSWORD, '192.0.2.1'))).toBe(429);
  });

  test('a stranger who keeps guessing does not keep out whoever signs in from where they did before', async () => {
    await add('two@example.com');
    expect(await statusOf(process().signIn('two@example.com', PASSWORD, '192.0.2.7'))).toBe(200);
    for (let number = 0; number < 30; number++)
      await statusOf(process().signIn('two@example.com', `wrong ${number}`, `198.51.100.${number}`));
    expect(await statusOf(process().signIn('two@example.com', PASSWORD, '198.51.100.200'))).toBe(429);
    expect(await statusOf(process().signIn('two@example.com', PASSWORD, '192.0.2.7'))).toBe(200);
    // Nor do others who fail from the same network.
    await add('neighbour@example.com');
    for (let number = 0; number < 12; number++)
      await statusOf(process().signIn('neighbour@example.com', `wrong ${number}`, '192.0.2.7'));
    expect(await statusOf(process().signIn('two@example.com', PASSWORD, '192.0.2.7'))).toBe(200);
    expect(await statusOf(process().signIn('neighbour@example.com', PASSWORD, '192.0.2.7'))).toBe(429);
  });

  test('sign-ins that succeed use nothing up, and one password at the same time is one try', async () => {
    await add('three@example.com');
    for (let number = 0; number < 15; number++)
      expect(await statusOf(process().signIn('three@example.com', PASSWORD, '203.0.113.3'))).toBe(200);
    const one = process();
    await db.dataSource.query('TRUNCATE rate_limit');
    const many = Array.from({ length: 40 }, () => statusOf(one.signIn('three@example.com', PASSWORD, '203.0.113.4')));
    expect(new Set(await Promise.all(many))).toEqual(new Set([200]));
  });

  test('a password that was changed elsewhere is refused within seconds', async () => {
    await add('four@example.com');
    const one = process();
    expect(await statusOf(one.signIn('four@example.com', PASSWORD, '203.0.113.5'))).toBe(200);
    const other = await hashPassword('another one entirely', CHEAP);
    await changingAccess(db.database, (sql) =>
      setPassword(sql, 'four@example.com', other, { by: 'test', at: clock.now() }),
    );
    clock.moveTo(clock.now() + 2_000);
    expect(await statusOf(one.signIn('four@example.com', PASSWORD, '203.0.113.5'))).toBe(401);
    expect(await statusOf(one.signIn('four@example.com', 'another one entirely', '203.0.113.5'))).toBe(200);
  });

  test('no address and no email is kept by what counts', async () => {
    await add('five@example.com');
    await statusOf(process().signIn('five@example.com', PASSWORD, '203.0.113.77'));
    await statusOf(process().signIn('five@example.com', 'wrong', '203.0.113.77'));
    const kept = JSON.stringify([
      await db.dataSource.query('SELECT * FROM rate_limit'),
      await db.dataSource.query('SELECT place FROM sign_in_place'),
    ]);
    expect(kept).not.toMatch(/203\.0|five@/);
  });
});
