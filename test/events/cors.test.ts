import { ADMIN, basic, startService, WRITE_KEY, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ corsOrigins: ['https://shop.example.com'] });
});
afterAll(() => service.close());

const track = { userId: 'ada', event: 'Order Completed' };

describe('browsers (CORS)', () => {
  const preflight = (path: string, origin: string): Promise<Response> =>
    fetch(`${service.url}${path}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  test('a page of an origin that the settings name may post to /v1', async () => {
    const asked = await preflight('/v1/t', 'https://shop.example.com');
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST');
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/authorization/);
    expect(asked.headers.get('vary')).toMatch(/Origin/i);
    for (const [key, status] of [
      [WRITE_KEY, 200],
      ['wrong', 401],
    ] as const) {
      const headers = { origin: 'https://shop.example.com', authorization: basic(key) };
      const response = await service.post('/v1/t', track, headers);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, headers.origin]);
      expect(response.headers.get('vary')).toMatch(/Origin/i);
    }
  });

  test('a page of another origin may not, and no page may do anything but post events', async () => {
    for (const [path, origin] of [
      ['/v1/t', 'https://evil.example.com'],
      ['/v1/t', 'null'],
      ['/api/contacts/ada', 'https://shop.example.com'],
    ] as const) {
      const asked = await preflight(path, origin);
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    }
    const headers = { origin: 'https://shop.example.com', authorization: basic(ADMIN.email, ADMIN.password) };
    const answer = await fetch(`${service.url}/api/rejected-events`, { headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});
