import { contactIdOf } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from '../consent/programme.ts';
import { ADMIN, basic } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine', 'dispatch']);
}, 60_000);
afterAll(() => service?.close());

const ask = (method: string, route: string, body?: unknown): Promise<Response> =>
  fetch(`${service.url}${route}`, {
    method,
    headers: {
      authorization: basic(ADMIN.email, ADMIN.password),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const rows = <Row>(text: string, values: unknown[] = []): Promise<Row[]> => service.db.dataSource.query(text, values);
const ADA = contactIdOf('ada');

describe('L11: PATCH /api/contacts/:userId', () => {
  test('corrects by an event of the contact that says where it came from, and is no activity', async () => {
    expect((await ask('PATCH', '/api/contacts/ada', { traits: { birthday: '1990-05-01' } })).status).toBe(404);
    await service.post('/v1/identify', { userId: 'ada', traits: { birthday: '1990-04-01', city: 'Lyon' } });
    await until(async () => (await rows('SELECT FROM contact WHERE id = $1', [ADA])).length > 0);
    const response = await ask('PATCH', '/api/contacts/ada', { traits: { birthday: '1990-05-01', city: null } });
    expect(response.status).toBe(202);
    await until(
      async () => (await rows(`SELECT FROM contact WHERE id = $1 AND birthday = '1990-05-01'`, [ADA])).length > 0,
    );
    const [event] = await rows(`SELECT context, active FROM event WHERE contact_id = $1 ORDER BY seq DESC LIMIT 1`, [
      ADA,
    ]);
    expect(event).toMatchObject({ active: false, context: { source: 'rectification' } });
    expect(await rows(`SELECT attributes FROM contact WHERE id = $1`, [ADA])).toEqual([{ attributes: {} }]);
    // Who is to be told of it (GDPR Art. 19).
    expect(await rows(`SELECT report FROM rights_request WHERE contact_id = $1`, [ADA])).toEqual([
      { report: { traits: 2, recipients: [] } },
    ]);
  });

  test.each([
    [{ traits: { email: 'not an address' } }, 'traits.email'],
    [{ traits: {} }, 'traits'],
    [{ trait: {} }, ''],
  ])('refuses %j and changes nothing', async (body, path) => {
    const response = await ask('PATCH', '/api/contacts/ada', body);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    expect(errors.map((fault) => fault.path)).toContain(path);
  });
});

describe('L8: /api/contacts/:userId/objection', () => {
  test('stops marketing at once, and is a request in the register', async () => {
    const source = { kind: 'form', reference: 'footer', textVersion: '1' };
    const entries = [{ channel: 'email', purpose: 'newsletter', action: 'granted', source }];
    await service.post('/v1/identify', { userId: 'ada', traits: { email: 'ada@example.com' } });
    await service.post('/v1/consent', { userId: 'ada', entries });
    expect(await (await ask('POST', '/api/contacts/ada/objection')).json()).toEqual({ objects: true });
    expect(await rows('SELECT channel, reason FROM suppression WHERE contact_id = $1', [ADA])).toEqual([
      { channel: '*', reason: 'objection' },
    ]);
    // A second one changes nothing.
    expect((await ask('POST', '/api/contacts/ada/objection')).status).toBe(200);
    expect(await (await ask('DELETE', '/api/contacts/ada/objection')).json()).toEqual({ objects: false });
    expect(await rows('SELECT FROM suppression WHERE contact_id = $1', [ADA])).toEqual([]);
    const { requests } = (await (await ask('GET', '/api/requests')).json()) as { requests: { kind: string }[] };
    expect(requests.filter(({ kind }) => kind === 'objection')).toHaveLength(3);
  });
});
