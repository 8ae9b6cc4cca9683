import fs from 'node:fs';
import { CONTACT_TABLES } from '../../src/rights/contact-tables.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from '../consent/programme.ts';
import { ADMIN, basic } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: ConsentTestService;
/** What the service writes to standard output, where its log goes. */
const logged: string[] = [];
const write = fs.writeSync.bind(fs);
beforeAll(async () => {
  fs.writeSync = ((to: number, ...rest: never[]) => {
    if (to === 1) return Buffer.byteLength(logged[logged.push(String(rest[0])) - 1]!);
    return (write as (...all: unknown[]) => number)(to, ...rest);
  }) as typeof fs.writeSync;
  service = await startWithProgramme(['api', 'engine', 'dispatch'], { logLevel: 'info' });
}, 60_000);
afterAll(async () => {
  fs.writeSync = write;
  await service?.close();
});

const USER = 'user-Quetzalcoatl-77';
const CONTACT = contactIdOf(USER);
const TRACES = [
  'quetzal.one@example.com',
  'quetzal.two@example.com',
  '+33698765432',
  'Zéphyrine',
  'Quetzalgrad',
  USER,
  CONTACT,
];

/** The service has no provider set; what the mail it captured is made to say is that one took it. */
const RECIPIENTS = [
  { by: 'email', host: null, scenarios: ['news-letter'] },
  { by: 'webhook', host: 'https://crm.example', scenarios: ['s'] },
];

const rows = <Row>(text: string, values: unknown[] = []): Promise<Row[]> => service.db.dataSource.query(text, values);
const asAdmin = (method: string, route: string): Promise<Response> =>
  fetch(`${service.url}${route}`, { method, headers: { authorization: basic(ADMIN.email, ADMIN.password) } });
const identify = (userId: string, traits: object): Promise<Response> =>
  service.post('/v1/identify', { userId, traits });
const track = (userId: string, event: string, properties = {}): Promise<Response> =>
  service.post('/v1/track', { userId, event, properties });
const consent = (userId: string): Promise<Response> =>
  service.post('/v1/consent', {
    userId,
    entries: [
      {
        channel: 'email',
        purpose: 'newsletter',
        action: 'granted',
        source: { kind: 'form', reference: 'footer', textVersion: '1', text: 'Yes, Zéphyrine', ip: '203.0.113.7' },
      },
    ],
  });

/** Every table that still says one of these, with what: all columns of all rows, as text. */
async function tablesThatSay(words: readonly string[]): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
       AND relnamespace = 'public'::regnamespace`,
  );
  const found: string[] = [];
  for (const { name } of tables)
    for (const word of words) {
      const [{ n } = { n: 0 }] = await rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${name} t WHERE position(lower($1) in lower(t::text)) > 0`,
        [word],
      );
      if (n > 0) found.push(`${name}: ${word}`);
    }
  return found;
}

/** A person of whom every table has something: what the service does not write by itself is put there. */
async function fillEverything(): Promise<void> {
  await identify(USER, { email: 'quetzal.one@example.com', firstName: 'Zéphyrine' });
  await identify(USER, {
    email: 'quetzal.two@example.com',
    phone: '+33698765432',
    lastName: 'Quetzalgrad',
    city: 'Quetzalgrad',
  });
  await consent(USER);
  await track(USER, 'Letter Asked', { note: 'for Zéphyrine' });
  // Whoever is still inside cannot enter again: the first is over when its outcome has been taken note of.
  await until(
    async () =>
      (await rows('SELECT FROM captured WHERE contact_id = $1', [CONTACT])).length > 0 &&
      (await rows('SELECT FROM enrollment WHERE contact_id = $1 AND ended_at IS NOT NULL', [CONTACT])).length > 0,
  );
  // A second one waits for room.
  await track(USER, 'Letter Asked');
  await until(
    async () =>
      (await rows(`SELECT FROM message WHERE contact_id = $1 AND status = 'held'`, [CONTACT])).length > 0 &&
      (await rows(`SELECT FROM inbox WHERE contact_id = $1`, [CONTACT])).length === 0,
  );
  const lane = laneOf(CONTACT);
  const put = (text: string): Promise<unknown> => rows(text, [lane, CONTACT]);
  await put(`INSERT INTO watch (lane, contact_id, scenario_id) VALUES ($1, $2, 'somewhen')`);
  await put(`INSERT INTO suppression VALUES ($1, $2, 'email', 'hard-bounce', to_timestamp(0))`);
  await put(`INSERT INTO hit (lane, month, id, contact_id, message_id, message_month, kind, url, at, verdict)
    VALUES ($1, '2026-01-01', gen_random_uuid(), $2, $2, '2026-01-01', 'click', 'https://x.example/?u=Zéphyrine', to_timestamp(0), 'person')`);
  await put(`INSERT INTO webhook_call (lane, month, id, contact_id, enrollment_id, scenario_id, scenario_version, step, method, url, body, planned_at, status, due_at, attempts)
    VALUES ($1, '2026-01-01', gen_random_uuid(), $2, gen_random_uuid(), 's', 1, 'x', 'POST', 'https://crm.example/people/quetzal.two@example.com?name=Zéphyrine',
      'quetzal.two@example.com', to_timestamp(0), 'done', to_timestamp(0), 1)`);
  await put(
    `UPDATE message SET reason = '550 quetzal.one@example.com unknown', provider_id = 'Zéphyrine' WHERE lane = $1 AND contact_id = $2 AND status = 'sent'`,
  );
  await put(
    `UPDATE decision SET reason = 'no {{Zéphyrine}} here', gates = '[{"reason": "Zéphyrine"}]' WHERE lane = $1 AND contact_id = $2 AND ordinal = 1`,
  );
  await put(`INSERT INTO message_return (lane, month, message_id, kind, contact_id, mark, at, source, status, reason)
    VALUES ($1, '2026-01-01', gen_random_uuid(), 'soft', $2, 'm', to_timestamp(0), 'smtp', '4.2.2', 'quetzal.one@example.com is full')`);
  await put(
    `INSERT INTO link_mail (lane, id, contact_id, asked_at, due_at) VALUES ($1, gen_random_uuid(), $2, to_timestamp(0), 'infinity')`,
  );
  await put(`INSERT INTO rejected_event (lane, id, contact_id, user_id, received_at, type, path, detail, body)
    VALUES ($1, gen_random_uuid(), $2, '${USER}', to_timestamp(0), 'track', 'properties', 'must be an object', '{"properties": "Zéphyrine"}')`);
  await put(`INSERT INTO refused_trait (lane, contact_id, trait, value, message, hint, at)
    VALUES ($1, $2, 'phone', 'quetzal.two@example.com', 'not a phone number', 'write it as +33…', to_timestamp(0))`);
  // In a lane that rests, so that it is still there when the contact is erased.
  await put(`INSERT INTO inbox (lane, seq, id, contact_id, received_at, kind, body)
    VALUES ($1, 9000000000000000, gen_random_uuid(), $2, to_timestamp(0), 'consent', '{}')`);
  // Restricted, it can still be exported and erased (law L12); what is in its inbox stays there.
  expect(await (await asAdmin('PUT', `/api/contacts/${USER}/restriction`)).json()).toEqual({ restricted: true });
}

describe('L12: /api/contacts/:userId/restriction', () => {
  test('is for contacts that are known', async () => {
    for (const method of ['PUT', 'DELETE'])
      expect((await asAdmin(method, '/api/contacts/nobody/restriction')).status).toBe(404);
  });

  test('is written into the register and the audit log, and lifted', async () => {
    await identify('frozen', { email: 'frozen@example.com' });
    const contact = contactIdOf('frozen');
    await until(async () => (await rows('SELECT FROM contact WHERE id = $1', [contact])).length > 0);
    const reply = async (method: string): Promise<unknown> =>
      (await asAdmin(method, '/api/contacts/frozen/restriction')).json();
    expect(await reply('PUT')).toEqual({ restricted: true });
    await identify('frozen', { city: 'Lyon' });
    expect(await rows('SELECT kind FROM inbox WHERE contact_id = $1', [contact])).toEqual([{ kind: 'event' }]);
    expect(await reply('PUT')).toEqual({ restricted: true });
    expect(await reply('DELETE')).toEqual({ restricted: false });
    await until(async () => (await rows('SELECT FROM restriction')).length === 0);
    expect(await rows('SELECT attributes FROM contact WHERE id = $1', [contact])).toEqual([
      { attributes: { city: 'Lyon' } },
    ]);
    const requests = await rows(
      `SELECT kind, state, report FROM rights_request WHERE contact_id = $1 ORDER BY received_at`,
      [contact],
    );
    expect(requests).toEqual([
      { kind: 'restriction', state: 'done', report: { said: 'restricts', changed: true, recipients: [] } },
      { kind: 'restriction', state: 'done', report: { said: 'restricts', changed: false, recipients: [] } },
      { kind: 'restriction', state: 'done', report: { said: 'lifts', changed: true, recipients: [] } },
    ]);
    expect(await rows(`SELECT FROM audit WHERE action = 'contact.restriction'`)).toHaveLength(3);
  });
});

describe('C8: a person’s data', () => {
  test('L10: an export has a part of every table, and says where each trait came from', async () => {
    await fillEverything();
    const response = await asAdmin('GET', `/api/contacts/${USER}/export`);
    expect(response.status).toBe(200);
    const found = (await response.json()) as Record<string, unknown>;
    expect(found).toMatchObject({
      format: 'relance-contact-1',
      userId: USER,
      profile: { email: 'quetzal.two@example.com', firstName: 'Zéphyrine', attributes: { city: 'Quetzalgrad' } },
      consentLedger: [{ action: 'granted', text: 'Yes, Zéphyrine', ip: '203.0.113.7' }],
      suppressions: [{ reason: 'hard-bounce' }],
      recipients: RECIPIENTS,
    });
    expect(Object.keys(found['sources'] as object)).toEqual(expect.arrayContaining(['email', 'phone', 'city']));
    const parts = CONTACT_TABLES.map(({ exportedAs }) => exportedAs).filter(
      (name) => !['profile', 'waiting', 'requests'].includes(name),
    );
    for (const part of parts) expect({ part, any: (found[part] as unknown[]).length > 0 }).toEqual({ part, any: true });
  });

  test('L9: an erasure leaves no trace in any column of any table, and statistics stay true', async () => {
    const preview = (await (await asAdmin('DELETE', `/api/contacts/${USER}?dryRun=true`)).json()) as { rows: object };
    const sent = await rows<{ n: number }>(`SELECT count(*)::int AS n FROM message WHERE status = 'sent'`);
    const response = await asAdmin('DELETE', `/api/contacts/${USER}`);
    expect(response.status).toBe(200);
    const report = (await response.json()) as { rows: Record<string, number>; requestId: string; addresses: number };
    expect(report).toMatchObject({
      addresses: 3,
      recipients: RECIPIENTS,
      rows: { contact: 1, consent_entry: 1, hit: 1 },
    });
    expect(Object.keys(report.rows)).toEqual(expect.arrayContaining(Object.keys(preview.rows)));

    expect(await tablesThatSay(TRACES)).toEqual([]);
    expect(await tablesThatSay(['203.0.113.7'])).toEqual([]);
    expect(await rows(`SELECT count(*)::int AS n FROM message WHERE status = 'sent'`)).toEqual(sent);
    expect(await rows(`SELECT FROM message WHERE status IN ('held', 'ready', 'handing')`)).toEqual([]);
    const orphans = await rows(
      `SELECT FROM decision d WHERE NOT EXISTS (SELECT FROM message m WHERE m.lane = d.lane AND m.month = d.month AND m.id = d.message_id)`,
    );
    expect(orphans).toEqual([]);
    const { requests } = (await (await asAdmin('GET', '/api/requests?state=done')).json()) as {
      requests: { id: string; kind: string }[];
    };
    expect(requests).toContainEqual(
      expect.objectContaining({
        id: report.requestId,
        kind: 'erasure',
        state: 'done',
        report: { rows: report.rows, addresses: 3, recipients: RECIPIENTS },
      }),
    );
  });

  test('C2: the ledger’s door is open for the erased contact alone, and only while it is erased', async () => {
    await consent('somebody-else');
    await expect(rows('DELETE FROM consent_entry')).rejects.toThrow('append-only');
    const attempt = service.db.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT set_config('relance.erasing', $1, true)`, [CONTACT]);
      await manager.query('DELETE FROM consent_entry');
    });
    await expect(attempt).rejects.toThrow('append-only');
  });

  test('L9: an erased address that is imported again makes a contact nothing is sent to', async () => {
    await identify('another-id', { email: 'Quetzal.ONE@example.com' });
    await consent('another-id');
    await track('another-id', 'Letter Asked');
    const contact = contactIdOf('another-id');
    await until(async () => (await rows('SELECT FROM message WHERE contact_id = $1', [contact])).length > 0);
    expect(await rows('SELECT status, gate, reason FROM message WHERE contact_id = $1', [contact])).toEqual([
      { status: 'blocked', gate: 'suppression', reason: 'erased' },
    ]);
  });

  test('L9: what arrives later for an erased user id makes a contact nothing is sent to', async () => {
    await consent(USER);
    await track(USER, 'Letter Asked');
    await until(async () => (await rows('SELECT FROM message WHERE contact_id = $1', [CONTACT])).length > 0);
    expect(await rows('SELECT channel, reason FROM suppression WHERE contact_id = $1', [CONTACT])).toEqual([
      { channel: '*', reason: 'erased' },
    ]);
  });

  test('L9: an address that somebody takes over later is refused too', async () => {
    await identify('long-known', { email: 'long.known@example.com' });
    const contact = contactIdOf('long-known');
    await until(async () => (await rows('SELECT FROM contact WHERE id = $1', [contact])).length > 0);
    expect(await rows('SELECT FROM suppression WHERE contact_id = $1', [contact])).toEqual([]);
    await identify('long-known', { phone: '+33698765432' });
    await until(async () => (await rows('SELECT FROM suppression WHERE contact_id = $1', [contact])).length > 0);
  });

  test('a second erasure finds nothing more than what came since, and an unknown contact has nothing to export', async () => {
    await asAdmin('DELETE', `/api/contacts/${USER}`);
    expect(await tablesThatSay([USER, CONTACT])).toEqual([]);
    expect((await asAdmin('GET', `/api/contacts/${USER}/export`)).status).toBe(404);
  });
});

test('L10: a request that came by letter waits in the register until what it asks for is done', async () => {
  const post = (route: string, body: object): Promise<Response> =>
    fetch(`${service.url}/api/requests${route}`, {
      method: 'POST',
      headers: { authorization: basic(ADMIN.email, ADMIN.password), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const registered = async (id: string): Promise<object | undefined> =>
    ((await (await asAdmin('GET', '/api/requests')).json()) as { requests: { id: string }[] }).requests.find(
      (one) => one.id === id,
    );
  const receivedAt = new Date(Date.now() - 26 * 86_400_000).toISOString();
  const opened = await post('', { userId: 'letter-writer', kind: 'erasure', receivedAt });
  expect(opened.status).toBe(201);
  const { id, dueAt } = (await opened.json()) as { id: string; dueAt: string };
  expect(await registered(id)).toMatchObject({
    kind: 'erasure',
    state: 'open',
    stage: 'late',
    receivedAt,
    dueAt,
    extendedAt: null,
  });
  const extended = (await (await post(`/${id}/extend`, { because: 'complex' })).json()) as { dueAt: string };
  expect(await registered(id)).toMatchObject({ stage: 'open', dueAt: extended.dueAt, extendedBecause: 'complex' });
  expect((await post(`/${id}/extend`, { because: 'complex' })).status).toBe(409);
  await asAdmin('DELETE', '/api/contacts/letter-writer');
  expect(await registered(id)).toMatchObject({ state: 'done', stage: 'done', receivedAt, doneBy: ADMIN.email });
  expect((await post(`/${id}/end`, { ending: 'refused' })).status).toBe(409);

  const other = (await (await post('', { userId: 'caller', kind: 'export' })).json()) as { id: string };
  expect((await post(`/${other.id}/end`, { ending: 'answered' })).status).toBe(200);
  expect(await registered(other.id)).toMatchObject({ state: 'done', report: { ending: 'answered' } });

  const paths = async (response: Response): Promise<string[]> =>
    ((await response.json()) as { errors: { path: string }[] }).errors.map(({ path }) => path);
  expect(await paths(await post('', { kind: 'sale', receivedAt: 'yesterday' }))).toEqual([
    'userId',
    'kind',
    'receivedAt',
  ]);
  expect(await paths(await post('', { userId: 'x', kind: 'export', receivedAt: '2999-01-01T00:00:00Z' }))).toEqual([
    'receivedAt',
  ]);
  for (const unknown of ['x', '00000000-0000-8000-8000-000000000000'])
    expect((await post(`/${unknown}/end`, { ending: 'answered' })).status).toBe(404);
  expect((await fetch(`${service.url}/api/requests`, { method: 'POST' })).status).toBe(401);
});

test('C9: /api/retention shows what a run would remove, begins one, and tells of it', async () => {
  const shown = async (): Promise<{ people: object; rows: object; runs: { id: string; state: string }[] }> =>
    (await asAdmin('GET', '/api/retention')).json() as never;
  expect(await shown()).toMatchObject({ people: { prospects: { count: 0, oldest: null } }, runs: [] });
  const begun = await asAdmin('POST', '/api/retention');
  expect(begun.status).toBe(202);
  const { id } = (await begun.json()) as { id: string };
  await until(async () => (await shown()).runs.some((run) => run.id === id && run.state === 'done'));
  expect(await (await asAdmin('DELETE', '/api/retention')).json()).toEqual({ stopped: 0 });
});

test('L9, S5: nor does the log say anything of whoever was erased', () => {
  const all = logged.join('').toLowerCase();
  // There is one.
  expect(all).toContain('"level":"info"');
  expect([...TRACES, '203.0.113.7'].filter((word) => all.includes(word.toLowerCase()))).toEqual([]);
});
