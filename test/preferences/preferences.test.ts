import { contactIdOf } from '../../src/shared/ids.ts';
import { ADMIN, basic } from '../support/service.ts';
import { until } from '../support/until.ts';
import { startPreferences, type PreferencesService } from './setting.ts';

let service: PreferencesService;
beforeAll(async () => {
  service = await startPreferences(['api', 'engine']);
}, 60_000);
afterAll(() => service?.close());

interface Mail {
  status: string;
  rule: string | null;
  counted: boolean;
}
const mails = (userId: string): Promise<Mail[]> =>
  service.rows<Mail>(
    `SELECT status, rule, counted_at IS NOT NULL AS counted FROM message WHERE contact_id = $1 ORDER BY planned_at, id`,
    contactIdOf(userId),
  );
/** One letter that passed the gate and waits for the dispatcher, and one that is held for room. */
async function twoLetters(userId: string): Promise<void> {
  await service.arrive(userId);
  for (let n = 0; n < 2; n += 1) {
    await service.post('/v1/track', { userId, event: 'Letter Asked', properties: { n } });
    await until(async () => (await mails(userId)).length === n + 1);
  }
  expect((await mails(userId)).map(({ status }) => status)).toEqual(['ready', 'held']);
}
const ended = (userId: string, status: string): Promise<void> =>
  until(async () => (await mails(userId)).every((mail) => mail.status === status));
const api = (userId: string, body?: unknown): Promise<Response> =>
  fetch(`${service.url}/api/contacts/${userId}/preferences`, {
    method: body === undefined ? 'GET' : 'PUT',
    headers: { authorization: basic(ADMIN.email, ADMIN.password), 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const keep = { 'on.email.newsletter': 'on' };

describe('what is chosen acts on what is queued, at once', () => {
  test('P8: a pause takes back what is ready and what is held', async () => {
    await twoLetters('pauses');
    expect((await service.submit('pauses', { ...keep, pause: '2w' })).status).toBe(200);
    await ended('pauses', 'blocked');
    expect(await mails('pauses')).toEqual([
      { status: 'blocked', rule: 'own-pause', counted: false },
      { status: 'blocked', rule: 'own-pause', counted: false },
    ]);
  });

  test('D4: a withdrawal too; the exact words, their version, the address and the browser are kept (C2)', async () => {
    await twoLetters('withdraws');
    await service.submit('withdraws', { 'on.sms.newsletter': 'on' });
    expect((await service.ledger('withdraws')).slice(1)).toMatchObject([
      { channel: 'email', action: 'withdrawn', source: { kind: 'preference-centre' } },
      {
        channel: 'sms',
        action: 'granted',
        legalBasis: 'consent',
        source: { kind: 'preference-centre' },
        text: 'I would like to receive by text message: Letters & <news>',
        textVersion: expect.stringMatching(/^en-[0-9a-f]{12}$/) as unknown,
        ip: '127.0.0.1',
        userAgent: expect.any(String) as unknown,
      },
    ]);
    await until(async () => (await mails('withdraws'))[1]!.status === 'blocked');
  });

  test('C4: a yes that must be confirmed from the mailbox waits for that here as well, and is asked for once', async () => {
    await service.post('/v1/identify', { userId: 'german', traits: { email: 'german@example.com', country: 'DE' } });
    await service.quiet();
    await service.submit('german', keep);
    await service.submit('german', keep);
    expect((await service.ledger('german')).map(({ action }) => action)).toEqual(['pending']);
    await until(async () => (await mails('german')).length > 0);
    await service.quiet();
    expect(await mails('german')).toHaveLength(1);
  });

  test('L8: stopping everything cancels what is queued; a later yes is heard, and opens nothing else', async () => {
    await twoLetters('stops');
    expect((await service.submit('stops', { do: 'stop' })).text).toContain('We have stopped everything');
    await ended('stops', 'cancelled');
    const states = (): Promise<{ said: string }[]> =>
      service.rows(
        `SELECT channel || ' ' || purpose || ' ' || state AS said FROM consent_state WHERE contact_id = $1 ORDER BY 1`,
        contactIdOf('stops'),
      );
    expect((await states()).every(({ said }) => said.endsWith('withdrawn'))).toBe(true);
    const before = (await service.ledger('stops')).length;
    await service.submit('stops', { do: 'stop' });
    await service.submit('stops', {});
    expect(await service.ledger('stops')).toHaveLength(before);

    await service.submit('stops', keep);
    expect((await states()).filter(({ said }) => said.endsWith('granted'))).toEqual([
      { said: 'email newsletter granted' },
    ]);
    await service.quiet();
    await service.post('/v1/track', { userId: 'stops', event: 'Letter Asked', properties: { n: 7 } });
    await until(async () => (await mails('stops')).some(({ status }) => status === 'ready'));
  });
});

describe('C5: the link', () => {
  const everything = (): Promise<unknown> =>
    service.rows(
      `SELECT (SELECT count(*) FROM consent_entry) AS entries, (SELECT count(*) FROM suppression) AS suppressions,
              (SELECT json_agg(c ORDER BY id) FROM contact c) AS contacts, (SELECT json_agg(m ORDER BY id) FROM message m) AS messages`,
    );

  test('a storm of GET and HEAD changes nothing, and is told to nobody', async () => {
    await service.arrive('scanned');
    const before = await everything();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        fetch(`${service.link('scanned')}?form=preferences&do=stop`, { method: n % 2 === 0 ? 'GET' : 'HEAD' }),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-robots-tag')).toContain('noindex');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect(await everything()).toEqual(before);
  });

  test('saving the same again changes nothing', async () => {
    await service.arrive('again');
    await service.submit('again', { ...keep, week: '3', language: 'fr' });
    const before = await everything();
    await service.submit('again', { ...keep, week: '3', language: 'fr' });
    expect(await everything()).toEqual(before);
    expect(before).toBeDefined();
  });

  test('a token of another kind, of another person, cut or changed is refused with a page', async () => {
    await service.arrive('ada');
    await service.arrive('bob');
    const link = service.link('ada');
    const signature = service.link('bob').split('.').at(-1)!;
    for (const wrong of [
      service.link('ada', 'unsubscribe'),
      service.link('ada', 'webview'),
      link.replace(/[^.]*$/, signature),
      link.slice(0, -1),
      link.replace(/\.[^.]*$/, ''),
    ]) {
      const answer = await fetch(wrong, {
        method: 'POST',
        body: new URLSearchParams({ form: 'preferences', do: 'stop' }),
      });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('This link does not work');
    }
    expect((await fetch(service.link('ada', 'preferences', 'u'))).status).toBe(404);
    expect(await service.ledger('ada')).toHaveLength(1);
  });

  test('after an erasure there is a page that says so', async () => {
    await service.arrive('gone');
    const account = { authorization: basic(ADMIN.email, ADMIN.password) };
    await fetch(`${service.url}/api/contacts/gone`, { method: 'DELETE', headers: account });
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(service.link('gone'), {
        method,
        ...(method === 'POST' && { body: new URLSearchParams({ form: 'preferences', do: 'stop' }) }),
      });
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain('There is nothing here any more');
    }
  });
});

describe('preferences for backends', () => {
  const source = { reference: 'my-account', textVersion: '7' };

  test('what is named changes, what is not stays; the same path as the page', async () => {
    await twoLetters('backend');
    const consents = [{ channel: 'email', purpose: 'offers', on: true }];
    const answer = await api('backend', {
      source,
      consents,
      maxPerWeek: 1,
      pauseUntil: '2030-01-01T00:00:00Z',
      language: 'fr',
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      maxPerWeek: 1,
      pauseUntil: '2030-01-01T00:00:00.000Z',
      language: 'fr',
      objects: false,
    });
    await ended('backend', 'blocked');
    expect((await service.ledger('backend')).at(-1)).toMatchObject({
      purpose: 'offers',
      action: 'granted',
      textVersion: '7',
    });
    expect(await (await api('backend')).json()).toMatchObject({
      languages: ['en', 'fr'],
      consents: expect.arrayContaining([
        expect.objectContaining({ purpose: 'newsletter', channel: 'email', on: true }),
      ]) as unknown,
    });
    const audit = await service.rows<{ details: object; subject: string }>(
      `SELECT details, subject FROM audit WHERE action = 'contact.preferences'`,
    );
    expect(audit).toMatchObject([
      { details: { consents: 1, own: ['maxPerWeek', 'pauseUntil', 'language'], objection: null } },
    ]);
    expect(audit[0]!.subject).not.toContain(contactIdOf('backend'));
  });

  test('a fault names its field, nobody is made up, and a key is needed', async () => {
    await service.arrive('faulty');
    const bad = await api('faulty', {
      source,
      consents: [{ channel: 'email', purpose: 'account', on: true }],
      language: '!!',
    });
    expect(bad.status).toBe(400);
    expect(await bad.text()).toMatch(/consents\.0.*language/s);
    expect((await api('faulty', { source, maxPerWeek: 8 })).status).toBe(400);
    const past = await api('faulty', { source, pauseUntil: '2020-01-01T00:00:00Z' });
    expect(past.status).toBe(400);
    expect(await past.text()).toMatch(/pauseUntil.*is over already.*null to end/s);
    expect((await api('nobody', { source, maxPerWeek: 1 })).status).toBe(404);
    expect((await fetch(`${service.url}/api/contacts/faulty/preferences`)).status).toBe(401);
    expect(await service.ledger('faulty')).toHaveLength(1);
  });
});

test('S3: the message in the browser is the one that was sent: no pixel, no tracking, ways out that work', async () => {
  await service.arrive('reader', { firstName: 'Ada' });
  await service.post('/v1/track', { userId: 'reader', event: 'Letter Asked', properties: { n: 7 } });
  await until(async () => (await mails('reader')).length === 1);
  const [{ id }] = (await service.rows<{ id: string }>(
    `SELECT id FROM message WHERE contact_id = $1`,
    contactIdOf('reader'),
  )) as [{ id: string }];
  const link = service.link('reader', 'webview', 'v', { messageId: id });
  // Not before it has left.
  expect((await fetch(link)).status).toBe(410);
  await service.rows(`UPDATE message SET status = 'sent', settled_at = now() WHERE id = $1`, id);
  const answer = await fetch(link);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-robots-tag')).toContain('noindex');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('content-security-policy')).toContain("form-action 'none'");
  const text = await answer.text();
  expect(text).toContain('News for Ada: GIFT-7');
  expect(text).toContain('href="https://shop.example.com/new"');
  expect(text).not.toMatch(/\/t\/[co]\//);
  const way = /href="[^"]*(\/u\/[^"]+)"/.exec(text)![1]!;
  expect((await fetch(`${service.url}${way}`)).status).toBe(200);
  expect((await fetch(service.link('ada', 'webview', 'v', { messageId: id }))).status).toBe(410);
  expect((await fetch(service.link('reader', 'preferences', 'v', { messageId: id }))).status).toBe(404);
  await service.rows(`DELETE FROM message WHERE id = $1`, id);
  expect((await fetch(link)).status).toBe(410);
});
