import { IDLE_MS, LONGEST_MS } from '../../src/access/session.ts';
import { AccessDesk } from '../../src/access/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { ADMIN, startService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

interface Visitor {
  cookie: string;
}
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
async function signIn(email = ADMIN.email, password = ADMIN.password, headers = {}): Promise<Visitor> {
  const answer = await post('/sign-in', { email, password, to: '/outbox' }, headers);
  expect(answer.status).toBe(303);
  return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
}
const look = (visitor: Visitor): Promise<Response> =>
  fetch(`${service.url}/api/session`, { headers: { cookie: visitor.cookie } });
const age = (column: 'seen_at' | 'created_at', ms: number): Promise<unknown> =>
  service.db.dataSource.query(`UPDATE session SET ${column} = ${column} - interval '${ms} milliseconds'`);

test('a session is kept by its hash, and its token is another one after each sign-in', async () => {
  const first = await signIn();
  const second = await signIn(ADMIN.email, ADMIN.password, { cookie: first.cookie });
  expect(second.cookie).not.toBe(first.cookie);
  expect((await look(first)).status).toBe(401);
  expect(await (await look(second)).json()).toMatchObject({ account: { email: ADMIN.email, role: 'admin' } });
  const kept = JSON.stringify(await service.db.dataSource.query('SELECT * FROM session'));
  expect(kept).not.toContain(second.cookie.split('=')[1]);
});

test('a change needs the token of the page, from a page of this site, as JSON', async () => {
  const visitor = await signIn();
  const { csrfToken } = (await (await look(visitor)).json()) as { csrfToken: string };
  const change = async (headers: Record<string, string>, body?: string): Promise<number> =>
    (
      await fetch(`${service.url}/api/contacts/ada/objection`, {
        method: 'DELETE',
        headers: { cookie: visitor.cookie, ...headers },
        body,
      })
    ).status;
  const token = { 'x-csrf-token': csrfToken };
  expect(await change({})).toBe(403);
  expect(await change({ 'x-csrf-token': 'guess' })).toBe(403);
  expect(await change({ ...token, origin: 'https://evil.example' })).toBe(403);
  expect(await change({ ...token, 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await change({ ...token, 'content-type': 'text/plain' }, '{}')).toBe(415);
  expect(await change({ ...token, 'content-type': 'application/x-www-form-urlencoded' }, 'a=b')).toBe(415);
  expect(await change({ ...token, origin: service.url, 'sec-fetch-site': 'same-origin' })).toBe(200);
  // The export is written down, and so is a change although it is a GET.
  const exported = await fetch(`${service.url}/api/contacts/ada/export`, { headers: { cookie: visitor.cookie } });
  expect(exported.status).toBe(403);
});

test('a session ends when it was not used, after its longest time, with another password, and with its account', async () => {
  const desk = new AccessDesk(service.db.database, systemClock);
  const email = 'ends@example.com';
  const password = 'long enough for anybody';
  await desk.addAccount({ email, role: 'viewer', password }, 'test');
  const statusAfter = async (end: () => Promise<unknown>, as = password): Promise<number[]> => {
    const visitor = await signIn(email, as);
    const before = (await look(visitor)).status;
    await end();
    return [before, (await look(visitor)).status];
  };
  expect(await statusAfter(() => age('seen_at', IDLE_MS - 60_000))).toEqual([200, 200]);
  expect(await statusAfter(() => age('seen_at', IDLE_MS))).toEqual([200, 401]);
  expect(await statusAfter(() => age('created_at', LONGEST_MS))).toEqual([200, 401]);
  expect(await statusAfter(() => desk.setPassword(email, 'another one entirely', 'test'))).toEqual([200, 401]);
  expect(await statusAfter(() => desk.removeAccount(email, 'test'), 'another one entirely')).toEqual([200, 401]);
});

test('a use is written down once a minute at most', async () => {
  const visitor = await signIn();
  const seen = async (): Promise<string> =>
    JSON.stringify(await service.db.dataSource.query('SELECT max(seen_at) AS at FROM session'));
  const before = await seen();
  for (let number = 0; number < 5; number++) await look(visitor);
  expect(await seen()).toBe(before);
  await age('seen_at', 60_000);
  await look(visitor);
  expect(Date.parse((JSON.parse(await seen()) as [{ at: string }])[0].at)).toBeGreaterThan(
    Date.parse((JSON.parse(before) as [{ at: string }])[0].at) - 60_000,
  );
});

test('another site can sign nobody in, and a password of a browser is not taken as HTTP Basic', async () => {
  const foreign = await post('/sign-in', ADMIN, { origin: 'https://evil.example' });
  expect([foreign.status, foreign.headers.get('set-cookie')]).toEqual([403, null]);
  for (const mark of ['sec-fetch-site', 'origin', 'cookie', 'referer']) {
    const value = mark === 'origin' ? service.url : 'same-origin';
    const authorization = `Basic ${btoa(`${ADMIN.email}:${ADMIN.password}`)}`;
    const answer = await fetch(`${service.url}/metrics`, { headers: { authorization, [mark]: value } });
    expect([mark, answer.status]).toEqual([mark, 403]);
    expect(await answer.text()).toContain('/sign-in');
  }
});

test('the page is led to the sign-in, data is told 401, and no address elsewhere is led to', async () => {
  const page = await fetch(`${service.url}/outbox?q=a`, { headers: { accept: 'text/html' }, redirect: 'manual' });
  expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?to=%2Foutbox%3Fq%3Da']);
  expect((await fetch(`${service.url}/api/messages`, { headers: { accept: 'text/html' } })).status).toBe(401);
  const answer = await post('/sign-in', { ...ADMIN, to: 'https://evil.example/' });
  expect(answer.headers.get('location')).toBe('/outbox');
});

test('over https the cookie is secure, and of this host alone', async () => {
  const other = await startService({ publicUrl: 'https://relance.example.com' });
  try {
    const answer = await fetch(`${other.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams(ADMIN),
      headers: { origin: 'https://relance.example.com' },
      redirect: 'manual',
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-relance_session=[\w-]{43}; .*HttpOnly; Secure/);
  } finally {
    await other.close();
  }
});

test('no page of another origin is given leave to read anything under /api', async () => {
  const asked = await fetch(`${service.url}/api/session`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
  });
  expect(asked.headers.get('access-control-allow-origin')).toBeNull();
});
