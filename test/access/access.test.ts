import { hashPassword, verifyPassword } from '../../src/access/password.ts';
import { readAuthorization, writeKeyOf } from '../../src/access/authorization.ts';
import { serve } from '../../src/main.ts';
import { createTestDatabase } from '../support/database.ts';
import { ADMIN, basic, startService, testConfig, type TestService } from '../support/service.ts';

test('a password is known by its hash only', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^scrypt\$32768\$8\$3\$/);
  expect(hash).not.toBe(await hashPassword('correct horse'));
  expect(await verifyPassword('correct horse', hash)).toBe(true);
  expect(await verifyPassword('wrong', hash)).toBe(false);
  expect(await verifyPassword('correct horse', 'plain')).toBe(false);
});

test.each([
  [undefined, null],
  ['', null],
  ['Digest x', null],
  ['Basic ***', null],
  [basic('ada@example.com', 'a:b'), { scheme: 'basic', user: 'ada@example.com', password: 'a:b' }],
  [`basic ${Buffer.from('key').toString('base64')}`, { scheme: 'basic', user: 'key', password: '' }],
  ['Bearer abc.def', { scheme: 'bearer', token: 'abc.def' }],
])('the header %j shows %j', (header, expected) => {
  expect(readAuthorization(header)).toEqual(expected);
});

test('the header’s key goes before the body’s', () => {
  expect(writeKeyOf(basic('a'), { writeKey: 'b' })).toBe('a');
  expect(writeKeyOf(undefined, { writeKey: 'b' })).toBe('b');
  expect(writeKeyOf('Digest x', { writeKey: 'b' })).toBeNull();
  expect(writeKeyOf(undefined, { writeKey: 7 })).toBeNull();
  expect(writeKeyOf(undefined, null)).toBeNull();
});

describe('accounts', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());
  const read = (authorization: string): Promise<Response> =>
    fetch(`${service.url}/metrics`, { headers: { authorization } });

  test('the first account is made at the first start; its email is read in any case', async () => {
    expect((await read(basic(ADMIN.email, ADMIN.password))).status).toBe(200);
    expect((await read(basic(ADMIN.email.toUpperCase(), ADMIN.password))).status).toBe(200);
  });

  test('S1: keys and passwords are stored hashed', async () => {
    const rows = JSON.stringify([
      await service.db.dataSource.query('SELECT * FROM account'),
      await service.db.dataSource.query('SELECT * FROM api_key'),
    ]);
    expect(rows).not.toContain(ADMIN.password);
    expect(rows).not.toContain(service.config.writeKey);
  });

  test('a write key is no account, and an account no write key', async () => {
    expect((await read(basic(service.config.writeKey!))).status).toBe(401);
    const event = { userId: 'ada', event: 'X' };
    expect((await service.post('/v1/track', event, { authorization: basic(ADMIN.email, ADMIN.password) })).status).toBe(
      401,
    );
  });

  test('a revoked key is refused, also after a restart that names it again', async () => {
    await service.db.dataSource.query('UPDATE api_key SET revoked_at = to_timestamp(0)');
    const again = await serve({ ...service.config });
    try {
      const answer = await fetch(`${again.url}/v1/track`, {
        method: 'POST',
        headers: { authorization: basic(service.config.writeKey!), 'content-type': 'application/json' },
        body: '{"userId":"ada","event":"X"}',
      });
      expect(answer.status).toBe(401);
    } finally {
      await again.close();
    }
  });

  test('too many wrong passwords from one address are 429, also for the right one that is not signed in', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await read(basic(ADMIN.email, `wrong-${i}`))).status);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    const answer = await read(basic('bob@example.com', 'x'));
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

test('a first start without an account to make says what to set', async () => {
  const db = await createTestDatabase();
  try {
    const config = { ...testConfig(db.url, '.'), adminPassword: undefined };
    await expect(serve(config)).rejects.toThrow('set ADMIN_EMAIL and ADMIN_PASSWORD');
  } finally {
    await db.close();
  }
});
