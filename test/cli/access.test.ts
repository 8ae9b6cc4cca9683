import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { relance, type Outcome } from '../support/relance.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
  folder = mkdtempSync(path.join(tmpdir(), 'relance-access-'));
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});
const run = (...args: string[]): Promise<Outcome> =>
  relance(folder, args, { DATABASE_URL: db.url, SECRET: 'a-secret-of-the-tests-only' });

test('S1: accounts are added, given another role and password, listed and removed at the command line', async () => {
  const added = await run('account', 'add', 'Ada@example.com', '--role', 'admin');
  expect(added.out).toMatch(/may sign in as admin\.\nPassword, shown this once: [\w-]{20}\n$/);
  expect((await run('account', 'add', 'ada@example.com')).error).toContain('ada@example.com has an account already');
  expect((await run('account', 'role', 'ada@example.com', 'viewer')).error).toContain('is the last admin');
  expect((await run('account', 'role', 'ada@example.com', 'owner')).code).toBe(2);
  expect((await run('account', 'password', 'ada@example.com')).out).toMatch(/shown this once: [\w-]{20}\n$/);
  expect((await run('account', 'remove', 'ada@example.com')).error).toContain('is the last admin');
  expect((await run('account', 'remove', 'bob@example.com')).error).toContain('bob@example.com has no account');
  const list = await run('account', 'list');
  expect(list.out).toMatch(/^ada@example\.com {2}admin {2}since [\d-]{10}T/);
  expect(list.code).toBe(0);
  const audit = await db.dataSource.query(`SELECT actor, action FROM audit ORDER BY at`);
  expect(audit).toEqual([
    { actor: 'cli', action: 'account.add' },
    { actor: 'cli', action: 'account.password' },
  ]);
});

test('S1: keys are made, listed and revoked at the command line, and shown once', async () => {
  expect((await run('key', 'add', 'warehouse')).code).toBe(2);
  const { out } = await run('key', 'add', 'warehouse', '--scope', 'read');
  const [, id, key] = /^Key (\w{16}) has the scope read\.\nShown this once: (relance_read_[\w-]{43})\n$/.exec(out)!;
  const list = await run('key', 'list', '--json');
  expect(JSON.parse(list.out)).toMatchObject([{ id, name: 'warehouse', scope: 'read', lastUsedAt: null }]);
  expect(list.out).not.toContain(key);
  expect((await run('key', 'revoke', id!)).out).toContain('is refused from now on');
  expect((await run('key', 'revoke', 'nothing')).error).toContain('There is no key nothing');
  expect((await run('key', 'list')).out).toMatch(/warehouse {2}revoked /);
});
