import { ADMIN, basic, startService, type TestService } from '../support/service.ts';
import { KeyRing } from '../../src/access/key-ring.service.ts';
import { AccessDesk } from '../../src/access/index.ts';
import { systemClock, VirtualClock } from '../../src/shared/clock.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const admin = basic(ADMIN.email, ADMIN.password);
const call = (method: string, path: string, body?: object, authorization = admin): Promise<Response> =>
  fetch(`${service.url}${path}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
const json = async <Body>(answer: Promise<Response>): Promise<Body> => (await (await answer).json()) as Body;
const audit = async (subject: string): Promise<{ actor: string; action: string }[]> =>
  (await json<{ records: { actor: string; action: string }[] }>(call('GET', `/api/audit?subject=${subject}`))).records;

test('S1: an account is made with a password that is shown once, given another role and password, and removed', async () => {
  const email = 'grace@example.com';
  const added = await call('POST', '/api/accounts', { email: 'Grace@Example.com', role: 'viewer' });
  expect(added.status).toBe(201);
  const { password } = (await added.json()) as { password: string };
  expect(password.length).toBeGreaterThan(15);
  expect((await call('POST', '/api/accounts', { email, role: 'viewer' })).status).toBe(409);
  const grace = (): Promise<Response> => call('POST', '/api/retention', undefined, basic(email, password));
  expect((await grace()).status).toBe(403);
  expect((await call('PATCH', `/api/accounts/${email}`, { role: 'admin' })).status).toBe(200);
  // At the next look at the account.
  await until(async () => (await grace()).status !== 403);
  const changed = await call('PUT', `/api/accounts/${email}/password`, { password: 'something else entirely' });
  expect(await changed.json()).toEqual({ email });
  await until(async () => (await grace()).status === 401);
  expect((await call('DELETE', `/api/accounts/${email}`)).status).toBe(200);
  expect((await call('DELETE', `/api/accounts/${email}`)).status).toBe(404);
  expect((await audit(email)).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    `${ADMIN.email} account.remove`,
    `${ADMIN.email} account.password`,
    `${ADMIN.email} account.role`,
    `${ADMIN.email} account.add`,
  ]);
  const list = JSON.stringify(await json(call('GET', '/api/accounts')));
  expect(list).toContain(ADMIN.email);
  expect(list).not.toMatch(/scrypt|password"/);
});

test('S1: the last admin is neither removed nor lowered, also by two who try at once', async () => {
  expect((await call('DELETE', `/api/accounts/${ADMIN.email}`)).status).toBe(409);
  const lowered = await call('PATCH', `/api/accounts/${ADMIN.email}`, { role: 'viewer' });
  expect(lowered.status).toBe(409);
  expect(await lowered.text()).toContain('last admin');
  const desk = new AccessDesk(service.db.database, systemClock);
  await desk.addAccount({ email: 'second@example.com', role: 'admin', password: 'long enough to be one' }, 'test');
  const both = await Promise.allSettled([
    desk.removeAccount('second@example.com', 'test'),
    desk.setRole(ADMIN.email, 'viewer', 'test'),
  ]);
  expect(both.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  await service.db.dataSource.query(`UPDATE account SET role = 'admin' WHERE email = $1`, [ADMIN.email]);
});

test('what cannot be an account or a key is told with its path', async () => {
  for (const [path, body, wrong] of [
    ['/api/accounts', { email: 'nobody', role: 'viewer' }, 'email'],
    ['/api/accounts', { email: 'a@example.com', role: 'owner' }, 'role'],
    ['/api/accounts', { email: 'a@example.com', role: 'viewer', password: 'short' }, 'password'],
    ['/api/keys', { name: 'x', scope: 'all' }, 'scope'],
    ['/api/keys', { name: ' ', scope: 'read' }, 'name'],
  ] as const) {
    const answer = await call('POST', path, body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: { path: string }[] }).errors.map((each) => each.path)).toEqual([wrong]);
  }
});

test('S1: a key is shown once, kept hashed, good for its scope, and refused when it is revoked', async () => {
  const made = await json<{ id: string; key: string }>(call('POST', '/api/keys', { name: 'warehouse', scope: 'read' }));
  const use = (): Promise<Response> => call('GET', '/api/messages?userId=ada', undefined, `Bearer ${made.key}`);
  expect(made.key).toMatch(/^relance_read_[\w-]{43}$/);
  expect((await call('POST', '/api/retention', undefined, `Bearer ${made.key}`)).status).toBe(403);
  expect((await use()).status).not.toBe(403);
  expect((await use()).status).not.toBe(401);
  const listed = await json<{ keys: { id: string; lastUsedAt: string | null }[] }>(call('GET', '/api/keys'));
  expect(JSON.stringify(listed)).not.toContain(made.key);
  expect(listed.keys.find(({ id }) => id === made.id)!.lastUsedAt).not.toBeNull();
  expect(JSON.stringify(await service.db.dataSource.query('SELECT * FROM api_key'))).not.toContain(made.key);
  expect((await call('DELETE', `/api/keys/${made.id}`)).status).toBe(200);
  expect((await call('DELETE', '/api/keys/nothing')).status).toBe(404);
  await until(async () => (await use()).status === 401);
  expect((await audit('warehouse')).map(({ action }) => action)).toEqual(['key.revoke', 'key.add']);
});

test('a change by a key is in the audit log under its name', async () => {
  const { key } = await json<{ key: string }>(call('POST', '/api/keys', { name: 'crm', scope: 'manage' }));
  const erased = await call('DELETE', '/api/contacts/ada', undefined, `Bearer ${key}`);
  expect(erased.status).toBe(200);
  const { records } = await json<{ records: { actor: string }[] }>(call('GET', '/api/audit'));
  expect(records.map(({ actor }) => actor)).toContain('key:crm');
});

test('the last use of a key costs a statement in some minutes, however often it is used', async () => {
  const clock = new VirtualClock(Date.parse('2026-03-02T09:00:00Z'));
  const { key } = await new AccessDesk(service.db.database, clock).addKey({ name: 'busy', scope: 'write' }, 'test');
  const ring = new KeyRing(service.db.database, clock);
  const used = async (): Promise<number> => {
    const rows = await service.db.dataSource.query<{ at: string }[]>(
      `SELECT extract(epoch FROM last_used_at) * 1000 AS at FROM api_key WHERE label = 'busy'`,
    );
    return Number(rows[0]!.at);
  };
  const before = service.db.database.statements;
  for (let number = 0; number < 1_000; number++) expect(await ring.accepts(key)).toBe(true);
  expect(service.db.database.statements - before).toBe(2);
  const first = await used();
  for (let minute = 1; minute <= 9; minute++) {
    clock.moveTo(first + minute * 60_000);
    await ring.accepts(key);
    expect(await used()).toBe(first);
  }
  clock.moveTo(first + 10 * 60_000);
  await ring.accepts(key);
  expect(await used()).toBe(first + 10 * 60_000);
});
