import { EnvironmentCredentials } from '../../src/access/environment.service.ts';
import { AccessDesk, accounts, keys } from '../../src/access/index.ts';
import { KeyRing } from '../../src/access/key-ring.service.ts';
import { Limits } from '../../src/access/limits.service.ts';
import { hashPassword } from '../../src/access/password.ts';
import { SignIn } from '../../src/access/sign-in.service.ts';
import type { Config } from '../../src/config/index.ts';
import type { Log } from '../../src/http/index.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { ADMIN, testConfig } from '../support/service.ts';

// S1: what the environment made ends when the environment names something else.

let db: TestDatabase;
const clock = new VirtualClock(Date.parse('2026-03-02T09:00:00Z'));
const warned: string[] = [];
const log = { warn: (text: string) => warned.push(text) } as unknown as Log;
beforeEach(async () => {
  db = await createTestDatabase({ poolSize: 3 });
  warned.length = 0;
});
afterEach(() => db.close());

/** What a process does at its start with these settings, a minute after the one before. */
async function start(overrides: Partial<Config> = {}): Promise<void> {
  clock.moveTo(clock.now() + 60_000);
  const config = { ...testConfig(db.url, '.'), ...overrides };
  await new EnvironmentCredentials(db.database, config, clock, log).onModuleInit();
}
const ring = (): KeyRing => new KeyRing(db.database, clock);
const desk = (): AccessDesk => new AccessDesk(db.database, clock);
async function signsIn(password: string, email = ADMIN.email): Promise<boolean> {
  await db.dataSource.query('TRUNCATE rate_limit');
  const signIn = new SignIn(db.database, new Limits(db.database, testConfig(db.url, '.'), clock), clock);
  return (await signIn.signIn(email, password, '203.0.113.1')) !== null;
}
const audit = async (): Promise<string[]> =>
  (
    await db.dataSource.query<{ line: string }[]>(
      `SELECT actor || ' ' || action || ' ' || subject AS line FROM audit ORDER BY at, action, subject`,
    )
  ).map(({ line }) => line);

test('a changed WRITE_KEY ends the one before, in processes that run within seconds', async () => {
  await start({ writeKey: 'first' });
  const running = ring();
  expect(await running.accepts('first')).toBe(true);
  await start({ writeKey: 'second' });
  clock.moveTo(clock.now() + 2_000);
  expect(await running.accepts('first')).toBe(false);
  expect(await running.accepts('second')).toBe(true);
  expect(await audit()).toContain('system:environment key.revoke WRITE_KEY');
});

test('keys that people made are none of the environment’s', async () => {
  await start({ writeKey: 'first' });
  const { key } = await desk().addKey({ name: 'shop', scope: 'write' }, ADMIN.email);
  await start({ writeKey: 'second' });
  expect(await ring().accepts(key)).toBe(true);
});

test('a process with yesterday’s settings that starts again brings nothing back', async () => {
  await start({ writeKey: 'first' });
  await start({ writeKey: 'second', adminPassword: 'the second password' });
  await start({ writeKey: 'first' });
  expect([await ring().accepts('first'), await ring().accepts('second')]).toEqual([false, true]);
  expect([await signsIn(ADMIN.password), await signsIn('the second password')]).toEqual([false, true]);
  expect(warned).toHaveLength(2);
});

test('with the embedded database there is one process, and what its last start names is good', async () => {
  await start({ embedded: true, writeKey: 'dev' });
  await start({ embedded: true, writeKey: 'other', adminPassword: 'the second password' });
  await start({ embedded: true, writeKey: 'dev' });
  expect([await ring().accepts('dev'), await ring().accepts('other')]).toEqual([true, false]);
  expect([await signsIn(ADMIN.password), await signsIn('the second password')]).toEqual([true, false]);
  expect(warned).toEqual([]);
  // But for a key that a person has revoked.
  await desk().revokeKey((await keys(db.database)).find(({ revokedAt }) => revokedAt === null)!.id, ADMIN.email);
  await start({ embedded: true, writeKey: 'dev' });
  expect(await ring().accepts('dev')).toBe(false);
});

test('a changed ADMIN_PASSWORD ends the one before, and its sessions', async () => {
  await start();
  expect(await signsIn(ADMIN.password)).toBe(true);
  await db.dataSource.query(
    `INSERT INTO session SELECT 'x', email, password_changed_at, created_at, created_at FROM account`,
  );
  await start({ adminPassword: 'the second password' });
  expect([await signsIn(ADMIN.password), await signsIn('the second password')]).toEqual([false, true]);
  expect(await db.dataSource.query('SELECT hash FROM session')).toEqual([]);
  expect(await audit()).toContain(`system:environment account.password ${ADMIN.email}`);
});

test('a password that a person set stays until ADMIN_PASSWORD names another than before', async () => {
  await start();
  await desk().setPassword(ADMIN.email, 'chosen by a person', ADMIN.email);
  await start();
  expect([await signsIn(ADMIN.password), await signsIn('chosen by a person')]).toEqual([false, true]);
  await start({ adminPassword: 'the second password' });
  expect([await signsIn('chosen by a person'), await signsIn('the second password')]).toEqual([false, true]);
});

test('another ADMIN_EMAIL takes the place of the one before; an account that people removed stays away', async () => {
  await start();
  await start({ adminEmail: 'new@example.com' });
  expect((await accounts(db.database)).map(({ email }) => email)).toEqual(['new@example.com']);
  await desk().addAccount({ email: 'person@example.com', role: 'admin', password: 'chosen by a person' }, 'cli');
  await desk().removeAccount('new@example.com', 'cli');
  await start({ adminEmail: 'new@example.com' });
  await start();
  expect((await accounts(db.database)).map(({ email }) => email)).toEqual(['person@example.com']);
});

test('what an earlier version left: the password of now is good, whatever it had been made with', async () => {
  const old = await hashPassword('of the first start');
  await db.dataSource.query(
    `INSERT INTO account (email, password_hash, role, created_at) VALUES ($1, $2, 'admin', to_timestamp(0))`,
    [ADMIN.email, old],
  );
  for (const key of ['a', 'b'])
    await db.dataSource.query(
      `INSERT INTO api_key (hash, label, scope, created_at)
       VALUES (encode(sha256(convert_to($1, 'UTF8')), 'hex'), 'WRITE_KEY', 'write', to_timestamp(0))`,
      [key],
    );
  await start({ writeKey: 'b' });
  expect([await signsIn('of the first start'), await signsIn(ADMIN.password)]).toEqual([false, true]);
  expect([await ring().accepts('a'), await ring().accepts('b')]).toEqual([false, true]);
});

test('two first starts at once make one account and one key', async () => {
  await Promise.all([start(), start()]);
  expect(await accounts(db.database)).toHaveLength(1);
  expect(await keys(db.database)).toHaveLength(1);
  expect(await audit()).toHaveLength(2);
});
