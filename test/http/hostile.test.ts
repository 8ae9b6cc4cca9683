import { gzipSync } from 'node:zlib';
import { ADMIN, basic, startService, WRITE_KEY, type TestService } from '../support/service.ts';

/**
 * Hostile values answer 4xx: every route that the description of the API names, with each of these in each place of its
 * address, in its query and as its body, by whoever may call it.
 */
let service: TestService;
let routes: { method: string; path: string; query: string[] }[];

beforeAll(async () => {
  // With what is published: a consent is refused while nothing is.
  service = await startService({ roles: ['api', 'engine'] });
  const response = await fetch(`${service.url}/api/openapi.json`, { headers: account });
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name),
    })),
  );
});
afterAll(() => service.close());

const account = { authorization: basic(ADMIN.email, ADMIN.password) };
const credential = (path: string): Record<string, string> =>
  path.startsWith('/v1/') ? { authorization: basic(WRITE_KEY) } : account;

const IN_ADDRESS = [
  '%00',
  'a%00b',
  '%ED%A0%80',
  '%FF',
  '%E0%A4',
  '%2500',
  '..%2f..%2f',
  "'%22%3B--",
  'x'.repeat(2_000),
  '9'.repeat(400),
  '-271821-04-20T00:00:00Z',
  '9999-12-31T23:59:59Z%2F00000000-0000-0000-0000-000000000000',
  '0001-01-01T00:00:00Z',
  '2026-02-31',
  '1e400',
  '%F0%9F%98%80',
];

const nested = (open: string, close: string, depth = 20_000): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
const BODIES: [name: string, body: string | Uint8Array, headers?: Record<string, string>][] = [
  ['20,000 lists', nested('[', ']')],
  ['20,000 maps', nested('{"a":', '}')],
  ['deep in a field', `{"userId":"a","event":"b","properties":${nested('{"a":', '}')},"batch":[${nested('[', ']')}]}`],
  ['1e400', '{"userId":1e400,"event":1e400,"properties":{"a":1e400},"name":1e400,"weight":-1e400,"batch":[1e400]}'],
  [
    'NUL',
    '{"userId":"a\\u0000","event":"\\u0000","name":"\\u0000","scenario":"\\u0000","kind":"\\u0000","email":"\\u0000"}',
  ],
  ['half a surrogate pair', '{"userId":"\\ud800","event":"\\udc00","name":"\\ud800","scenario":"\\ud800"}'],
  ['__proto__', '{"__proto__":{"admin":true},"userId":"a"}'],
  ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}'],
  ['a key twice', '{"userId":"a","userId":7,"event":"x","event":[]}'],
  ['null', 'null'],
  ['a text', '"text"'],
  ['a list of everything', '[null,1,"a",[],{}]'],
  [
    'times of other ages',
    '{"userId":"a","event":"b","timestamp":"-271821-04-20T00:00:00Z","sentAt":"9999-12-31T23:59:59Z","at":"0000-01-01T00:00:00Z","receivedAt":"9999-12-31T23:59:59Z","from":"9999-12-31","until":8.64e15}',
  ],
  ['not JSON', '{"a":'],
  ['nothing', ''],
  ['broken gzip', 'not gzip', { 'content-encoding': 'gzip' }],
  ['cut gzip', gzipSync('{"userId":"a"}').subarray(0, 12), { 'content-encoding': 'gzip' }],
  ['a gzip bomb', gzipSync(Buffer.alloc(20 * 1024 * 1024, ' ')), { 'content-encoding': 'gzip' }],
  ['another charset', Buffer.from('{"userId":"a"}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['a form', 'a=%00&List-Unsubscribe=%00', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['no type known', '<a/>', { 'content-type': 'application/xml' }],
];

async function statusOf(
  method: string,
  path: string,
  init: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<number> {
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: { ...credential(path), ...init.headers },
    ...(init.body === undefined || method === 'GET' ? {} : { body: init.body as string }),
    redirect: 'manual',
  });
  await response.arrayBuffer();
  return response.status;
}

const fill = (path: string, value: string): string => path.replaceAll(/\{[^}]+\}/g, () => value);

/** Some at a time: a password is hashed for each. */
async function each<T>(cases: readonly T[], ask: (one: T) => Promise<string | null>): Promise<string[]> {
  const wrong: string[] = [];
  const left = [...cases];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const said = await ask(one);
      if (said !== null) wrong.push(said);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return wrong;
}

/** A broken link of a person leads to a page that says so. */
const isLink = (place: string): boolean => /^\/(?:[upcv]|t\/[co])\//.test(place);

test('hostile values in addresses and queries answer no 5xx, and a NUL is 400, or 4xx behind a link of a person', async () => {
  const cases = routes.flatMap(({ method, path, query }) =>
    IN_ADDRESS.map((value) => {
      const asked = [...query, value].map((name) => `${name}=${value}`).join('&');
      return { method, place: `${fill(path, value)}?${asked}`, isNul: value.includes('%00') };
    }),
  );
  const inQuery = routes.map(({ method, path }) => ({ method, place: `${fill(path, 'a')}?a=%00`, isNul: true }));
  const wrong = await each([...cases, ...inQuery], async ({ method, place, isNul }) => {
    const status = await statusOf(method, place, { headers: { 'content-type': 'application/json' }, body: '{}' });
    // A pixel is a picture whatever its token says; nothing is recorded.
    const refused = status === 400 || (isLink(place) && (status >= 400 || place.startsWith('/t/o/')));
    return status >= 500 || (isNul && !refused) ? `${status} ${method} ${place.slice(0, 120)}` : null;
  });
  expect(routes.length).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
}, 300_000);

test('hostile bodies answer no 5xx', async () => {
  const cases = routes
    .filter(({ method }) => method !== 'GET')
    .flatMap((route) => BODIES.map(([name, body, headers]) => ({ ...route, name, body, headers })));
  const wrong = await each(cases, async ({ method, path, name, body, headers }) => {
    const all = { 'content-type': 'application/json', ...headers };
    const status = await statusOf(method, fill(path, 'a'), { headers: all, body });
    return status >= 500 ? `${status} ${method} ${path} ${name}` : null;
  });
  expect(wrong).toEqual([]);
}, 300_000);

test('a header too large, and an address too long, are refused', async () => {
  expect(await statusOf('GET', '/health/live', { headers: { 'x-large': 'x'.repeat(20_000) } })).toBe(431);
  expect(await statusOf('GET', `/health/live?${'x'.repeat(20_000)}`)).toBe(431);
});

describe('events', () => {
  const track = { userId: 'ada', event: 'X' };
  const post = async (path: string, body: unknown): Promise<{ status: number; text: string }> => {
    const response = await service.post(path, body);
    return { status: response.status, text: await response.text() };
  };

  test.each([
    ['a sentAt of 9999', { ...track, timestamp: '2026-03-01T08:00:00Z', sentAt: '9999-12-31T23:59:59Z' }],
    ['a timestamp of -271821', { ...track, timestamp: '-271821-04-20T00:00:00Z' }],
    ['a timestamp of 9999', { ...track, timestamp: '9999-12-31T23:59:59Z' }],
    ['a timestamp of 1', { ...track, timestamp: '0001-01-01T00:00:00Z' }],
    ['a timestamp beyond all dates', { ...track, timestamp: 8.65e15 }],
    ['31 February', { ...track, timestamp: '2026-02-31T08:00:00Z' }],
    ['a correction to another age', { ...track, timestamp: '1900-01-01T00:00:00Z', sentAt: '2199-12-31T00:00:00Z' }],
  ])('%s is 400, and loses only itself in a batch', async (_name, call) => {
    expect((await post('/v1/track', call)).status).toBe(400);
    const batch = [
      { type: 'track', ...call },
      { type: 'track', ...track },
    ];
    const { status, text } = await post('/v1/batch', { batch });
    expect([status, JSON.parse(text)]).toMatchObject([200, { rejected: [{ index: 0 }] }]);
  });

  test('a batch sent in the year 9999 is 400', async () => {
    const body = { sentAt: '9999-12-31T23:59:59Z', batch: [{ type: 'track', ...track }] };
    expect((await post('/v1/batch', body)).status).toBe(400);
  });

  test('a number that JavaScript reads as infinity is not kept as nothing', async () => {
    expect((await post('/v1/track', '{"userId":"a","event":"b","properties":{"a":[1e400]}}')).status).toBe(400);
  });

  test('the answer to a malformed call names at most 100 faults', async () => {
    const { status, text } = await post('/v1/cloudevents', `[${Array(50_000).fill('{}').join(',')}]`);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(60_000);
    const { errors, errorsTotal } = JSON.parse(text) as { errors: unknown[]; errorsTotal: number };
    expect(errors).toHaveLength(100);
    expect(errorsTotal).toBeGreaterThan(100);
  });
});
