import { createServer } from 'node:net';
import { serve } from '../../src/main.ts';
import { ADMIN, basic, startService, testConfig, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const get = (path: string, authorization?: string): Promise<Response> =>
  fetch(`${service.url}${path}`, authorization === undefined ? {} : { headers: { authorization } });
const signedIn = basic(ADMIN.email, ADMIN.password);

test('health needs no credential', async () => {
  expect(await (await get('/health/live')).json()).toEqual({ status: 'up' });
  const ready = await get('/health/ready');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'up', database: 'up' });
});

test.each(['/metrics', '/api/openapi.json', '/api/docs', '/api/docs/swagger-ui.css'])(
  'S1: %s needs an account',
  async (path) => {
    const refused = await get(path);
    expect(refused.status).toBe(401);
    // Never Basic: a browser would ask for the password, keep it, and show it for pages of other sites.
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="Relance"');
    expect((await get(path, signedIn)).status).toBe(200);
  },
);

test('what only a publication brings is a conflict that says what to do', async () => {
  const response = await get('/api/breakers', signedIn);
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({
    type: 'urn:relance:problem:nothing-published',
    title: 'Nothing has been published yet: run `relance apply`',
  });
});

test('figures are told by route, without paths', async () => {
  await get('/health/live?token=secret');
  const text = await (await get('/metrics', signedIn)).text();
  expect(text).toMatch(/relance_http_request_seconds_count\{method="GET",route="\/health\/live",status="200"\}/);
  expect(text).toContain('relance_events_received_total');
  expect(text).not.toContain('secret');
});

test('the API is described with its bodies', async () => {
  const document = (await (await get('/api/openapi.json', signedIn)).json()) as {
    openapi: string;
    paths: Record<string, { post?: { requestBody?: unknown } }>;
  };
  expect(document.openapi).toMatch(/^3\.1/);
  for (const call of ['track', 'identify', 'page', 'screen', 'group', 'alias', 'batch', 'cloudevents']) {
    expect(document.paths[`/v1/${call}`]?.post?.requestBody).toBeDefined();
  }
});

test('the page of the API loads scripts of its own only', async () => {
  const page = await get('/api/docs', signedIn);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/);
  expect(await page.text()).toContain('docs/swagger-ui-bundle.js');
  expect((await get('/api/docs/start.js', signedIn)).headers.get('content-type')).toMatch('javascript');
  expect((await get('/api/docs/package.json', signedIn)).status).toBe(404);
  expect((await get('/api/docs/..%2fpackage.json', signedIn)).status).toBe(404);
});

test('every answer carries the headers of a careful server', async () => {
  const { headers } = await get('/nothing');
  expect(headers.get('content-security-policy')).toMatch("default-src 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('errors are problems and say nothing of the inside', async () => {
  for (const path of ['/nothing', '/%E0%A4%A', '/health/none']) {
    const response = await get(path);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      type: expect.stringMatching(/^urn:relance:problem:/) as unknown,
      status: response.status,
    });
    expect(text).not.toMatch(/node_modules|\.ts|\n\s+at /);
  }
});

test('a port in use is told in words, before anything is started', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  try {
    const config = { ...testConfig('postgres://nobody@127.0.0.1:1/none', service.config.dataDir), port };
    await expect(serve(config)).rejects.toThrow(
      `port ${port} of 127.0.0.1 is in use: stop what listens there, or set PORT`,
    );
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test('a database that is not there at the start is told in words', async () => {
  const config = testConfig('postgres://nobody@127.0.0.1:1/none', service.config.dataDir);
  await expect(serve(config)).rejects.toThrow(/nothing listens there: start PostgreSQL, or correct DATABASE_URL/);
});

test('closing waits for requests under way and takes no more', async () => {
  const other = await startService();
  const batch = Array.from({ length: 500 }, (_, i) => ({ type: 'track', userId: `u${i}`, event: 'X' }));
  const answers = Array.from({ length: 4 }, () => other.post('/v1/batch', { batch }));
  const first = await Promise.race(answers);
  const closing = other.close();
  expect(first.status).toBe(200);
  for (const answer of await Promise.allSettled(answers)) {
    if (answer.status === 'fulfilled') expect([200, 503]).toContain(answer.value.status);
  }
  await closing;
  await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
});
