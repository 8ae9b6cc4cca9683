import { signToken, type LinkToken, type TokenUse } from '../../src/consent/token.ts';
import { addressMark, requestId, type ConfirmationRequest } from '../../src/consent/double-opt-in.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { until } from '../support/until.ts';
import { basic, ADMIN } from '../support/service.ts';
import { startWithProgramme, type ConsentTestService } from './programme.ts';

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine', 'dispatch']);
}, 60_000);
afterAll(() => service?.close());

async function found<T>(look: () => Promise<T | undefined>): Promise<T> {
  let seen: T | undefined;
  await until(async () => (seen = await look()) !== undefined);
  return seen!;
}

interface Mail {
  recipient: string;
  subject: string;
  html: string;
  text: string;
  sender: string;
  headers: Record<string, string>;
}

const identify = (userId: string, traits: object = {}): Promise<Response> =>
  service.post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, country: 'DE', ...traits } });
const consent = (userId: string, action = 'granted', more: object = {}): Promise<Response> => {
  const source = { kind: 'form', reference: 'shop', textVersion: '7', text: 'Yes, write to me.' };
  return service.post('/v1/consent', {
    userId,
    entries: [{ channel: 'email', purpose: 'newsletter', action, source, ...more }],
  });
};
const ask = (userId: string): Promise<Response> => service.post('/v1/track', { userId, event: 'Letter Asked' });
const mailsTo = (userId: string): Promise<Mail[]> =>
  service.db.dataSource.query(
    `SELECT recipient, sender, subject, html, text, headers FROM captured WHERE contact_id = $1 ORDER BY captured_at`,
    [contactIdOf(userId)],
  );
const mailTo = (userId: string, subject: string): Promise<Mail> =>
  found(async () => (await mailsTo(userId)).find((mail) => mail.subject === subject));
const CONFIRM = 'Please confirm';
const linkOf = ({ html }: Mail): string => {
  const [, path] = /href="[^"]*(\/c\/[^"]+)"/.exec(html)!;
  return `${service.url}${path}`;
};
const form = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Firefox/140' };
const press = (link: string): Promise<Response> => fetch(link, { method: 'POST', headers: form, body: '' });
const actions = async (userId: string): Promise<string[]> => (await service.ledger(userId)).map(({ action }) => action);
/** The engine has taken up all it was told. */
const quiet = (): Promise<true> =>
  found(async () => ((await service.db.dataSource.query('SELECT 1 FROM inbox')).length === 0 ? true : undefined));
const standings = async (userId: string): Promise<{ consents: Record<string, unknown>[] }> => {
  const answer = await fetch(`${service.url}/api/contacts/${userId}/consents`, {
    headers: { authorization: basic(ADMIN.email, ADMIN.password) },
  });
  return (await answer.json()) as { consents: Record<string, unknown>[] };
};
/** Makes a request look as old as that: nobody waits a week in a test. */
const age = async (userId: string, by: string): Promise<void> => {
  await service.db.dataSource.query(
    `UPDATE consent_state SET expires_at = expires_at - $2::interval WHERE contact_id = $1`,
    [contactIdOf(userId), by],
  );
};
const tokenOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1);

test('C4: from the form to the first letter: one neutral mail, its link, its button, and the letter leaves', async () => {
  await identify('grete', { locale: 'en' });
  expect((await consent('grete')).status).toBe(200);
  const mail = await mailTo('grete', CONFIRM);

  expect(mail.recipient).toBe('grete@example.com');
  expect(mail.sender).toContain('hello@example.com');
  expect(mail.text).toContain('1 rue de la Paix, 75002 Paris');
  expect(mail.text).toContain('Letters & <news>');
  // No way out of what nobody is in, nothing counted, no address dressed up.
  expect(Object.keys(mail.headers).filter((name) => /^list-/i.test(name))).toEqual([]);
  expect(mail.html).not.toMatch(/\/t\/[co]\/|utm_|<img/);

  await ask('grete');
  await found(async () => (await blocked('grete')).find(({ reason }) => reason === 'pending'));
  expect((await standings('grete')).consents).toMatchObject([
    { state: 'pending', expiresAt: expect.any(String) as string },
  ]);

  const page = await fetch(linkOf(mail));
  expect(page.status).toBe(200);
  const shown = await page.text();
  expect(shown).toContain('Letters &amp; &lt;news&gt;');
  expect(shown).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  expect(await actions('grete')).toEqual(['pending']);

  expect((await press(linkOf(mail))).status).toBe(200);
  const [asked, confirmed] = await service.ledger('grete');
  expect(confirmed).toMatchObject({
    action: 'granted',
    requestedAt: asked!.requestedAt,
    source: { kind: 'double-opt-in' },
    text: 'Yes, write to me.',
    textVersion: '7',
    ip: '127.0.0.1',
    userAgent: 'Firefox/140',
    previousHash: asked!.hash,
  });
  expect(confirmed!.at).toBeGreaterThan(asked!.requestedAt!);
  expect((await standings('grete')).consents).toMatchObject([
    { state: 'granted', entry: { requestedAt: expect.any(String) as string } },
  ]);

  await ask('grete');
  await mailTo('grete', 'Our letter');
  expect((await mailsTo('grete')).map(({ subject }) => subject)).toEqual([CONFIRM, 'Our letter']);
}, 30_000);

const blocked = (userId: string): Promise<{ reason: string }[]> =>
  service.db.dataSource.query(`SELECT reason FROM message WHERE contact_id = $1 AND status = 'blocked'`, [
    contactIdOf(userId),
  ]);

test('D3, D6: the mail is a message like any other: one, with its decision, not counted, in no list of a scenario', async () => {
  await identify('paula');
  await consent('paula');
  await mailTo('paula', CONFIRM);
  const [message, ...others] = (await service.db.dataSource.query(
    `SELECT m.*, (SELECT json_agg(d.gates) FROM decision d WHERE d.message_id = m.id) AS gates FROM message m WHERE contact_id = $1`,
    [contactIdOf('paula')],
  )) as Record<string, unknown>[];
  expect(others).toEqual([]);
  expect(message).toMatchObject({
    category: 'confirmation',
    subject_to: false,
    needs_consent: false,
    counted_at: null,
  });
  expect(JSON.stringify(message!['gates'])).toContain('"reason":"confirmation"');
});

test('C4: the same grant fifty times at once is one request and one mail', async () => {
  await identify('many');
  const answers = await Promise.all(Array.from({ length: 50 }, () => consent('many')));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await mailTo('many', CONFIRM);
  await quiet();
  await consent('many');
  await quiet();
  const ledger = await service.ledger('many');
  expect(ledger).toHaveLength(51);
  expect(new Set(ledger.map(({ requestedAt }) => requestedAt)).size).toBe(1);
  expect(await mailsTo('many')).toHaveLength(1);
}, 30_000);

test('C4: what is asked for in one call is one mail that names all of it, and one link that confirms what still stands', async () => {
  const both = (userId: string): Promise<Response> => {
    const source = { kind: 'form', reference: 'shop', textVersion: '7' };
    const entries = ['newsletter', 'offers'].map((purpose) => ({
      channel: 'email',
      purpose,
      action: 'granted',
      source: { ...source, text: `Yes, ${purpose}.` },
    }));
    return service.post('/v1/consent', { userId, entries });
  };
  for (const userId of ['two', 'partly']) {
    await identify(userId);
    await both(userId);
    await mailTo(userId, CONFIRM);
    await quiet();
  }
  const [mail, ...others] = await mailsTo('two');
  expect(others).toEqual([]);
  expect(mail!.text).toContain('Letters & <news>, Offers');
  const page = await (await fetch(linkOf(mail!))).text();
  expect(page).toContain('“Letters &amp; &lt;news&gt;” and “Offers”');

  const answers = await Promise.all(Array.from({ length: 20 }, () => press(linkOf(mail!))));
  for (const answer of answers) expect(await answer.text()).toContain('“Letters &amp; &lt;news&gt;” and “Offers”');
  const [first, second, ...confirmed] = await service.ledger('two');
  expect(second!.requestedAt).toBe(first!.requestedAt);
  expect(
    confirmed
      .map(({ action, purpose, text, requestedAt }) => ({ action, purpose, text, requestedAt }))
      .toSorted((a, b) => (a.purpose < b.purpose ? -1 : 1)),
  ).toEqual(
    ['newsletter', 'offers'].map((purpose) => ({
      action: 'granted',
      purpose,
      text: `Yes, ${purpose}.`,
      requestedAt: first!.requestedAt,
    })),
  );

  const link = linkOf((await mailsTo('partly'))[0]!);
  await consent('partly', 'withdrawn', { purpose: 'offers' });
  expect(await (await press(link)).text()).toMatch(/agreed to receive “Letters &amp; &lt;news&gt;” by/);
  expect(await actions('partly')).toEqual(['pending', 'pending', 'withdrawn', 'granted']);
}, 30_000);

test('C4: pressed fifty times at once it is confirmed once', async () => {
  await identify('keen');
  await consent('keen');
  const link = linkOf(await mailTo('keen', CONFIRM));
  const answers = await Promise.all(Array.from({ length: 50 }, () => press(link)));
  expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  expect(await actions('keen')).toEqual(['pending', 'granted']);
}, 30_000);

test('C5: a storm of GET and HEAD changes nothing', async () => {
  await identify('scanned');
  await consent('scanned');
  const link = linkOf(await mailTo('scanned', CONFIRM));
  await quiet();
  const scans = Array.from({ length: 60 }, (_, i) => fetch(link, { method: i % 2 === 0 ? 'GET' : 'HEAD' }));
  for (const answer of await Promise.all(scans)) expect(answer.status).toBe(200);
  expect(await actions('scanned')).toEqual(['pending']);
});

test('C4, S3: in the browser it is the same mail, and confirms for the address it went to and for no other', async () => {
  await identify('browses');
  await consent('browses');
  const mail = await mailTo('browses', CONFIRM);
  const [, path] = /href="[^"]*(\/v\/[^"]+)"/.exec(mail.html)!;
  const seen = async (): Promise<string> => (await fetch(`${service.url}${path}`)).text();
  expect(await seen()).toBe(mail.html);

  await identify('browses', { email: 'elsewhere@example.com' });
  await quiet();
  const [, link] = /href="[^"]*(\/c\/[^"]+)"/.exec(await seen())!;
  expect((await press(`${service.url}${link}`)).status).toBe(410);
  expect(await actions('browses')).toEqual(['pending']);
}, 30_000);

test('C4: consent may come before the person is known; the mail leaves as soon as there is an address', async () => {
  await consent('early', 'pending');
  await quiet();
  expect(await mailsTo('early')).toEqual([]);
  await identify('early', { country: undefined });
  expect((await mailTo('early', CONFIRM)).recipient).toBe('early@example.com');
});

test('C4: elsewhere, and with a proof, a consent counts at once, and nothing is asked', async () => {
  await identify('french', { country: 'FR' });
  await consent('french');
  await identify('proved');
  await consent('proved', 'granted', { requestedAt: '2026-01-05T10:00:00Z', at: '2026-01-05T10:03:00Z' });
  await quiet();
  expect([await actions('french'), await actions('proved')]).toEqual([['granted'], ['granted']]);
  expect([...(await mailsTo('french')), ...(await mailsTo('proved'))]).toEqual([]);
});

test('C4: unconfirmed to its end, the engine writes it off at the very instant, and the link says how to start again', async () => {
  await identify('slow');
  await consent('slow');
  const link = linkOf(await mailTo('slow', CONFIRM));
  const [asked] = await service.ledger('slow');
  await age('slow', '7 days');
  const entries = await found(async () => {
    // Something of the same lane wakes the engine; by itself it would wake at the instant that was due before.
    await identify('slow', { seen: Date.now() });
    const ledger = await service.ledger('slow');
    return ledger.length > 1 ? ledger : undefined;
  });
  expect(entries[1]).toMatchObject({
    action: 'expired',
    requestedAt: asked!.requestedAt,
    source: { kind: 'double-opt-in' },
  });
  for (const answer of [await fetch(link), await press(link)]) {
    expect(answer.status).toBe(410);
    expect(await answer.text()).toContain('Sign up once more');
  }
  expect(await actions('slow')).toEqual(['pending', 'expired']);

  await consent('slow');
  await found(async () => ((await mailsTo('slow')).length === 2 ? true : undefined));
  const [first, second] = (await mailsTo('slow')).map(linkOf);
  expect((await press(first!)).status).toBe(410);
  expect((await press(second!)).status).toBe(200);
}, 30_000);

test('C3, C4: a no that came meanwhile is not overturned', async () => {
  await identify('away');
  await consent('away');
  const link = linkOf(await mailTo('away', CONFIRM));
  await consent('away', 'withdrawn');
  const answer = await press(link);
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain('You have said no since');
  expect(await actions('away')).toEqual(['pending', 'withdrawn']);

  await identify('objector');
  await consent('objector');
  const other = linkOf(await mailTo('objector', CONFIRM));
  await fetch(`${service.url}/api/contacts/objector/objection`, {
    method: 'POST',
    headers: { authorization: basic(ADMIN.email, ADMIN.password), 'content-type': 'application/json' },
    body: '{}',
  });
  expect((await press(other)).status).toBe(409);
  expect(await actions('objector')).toEqual(['pending']);
});

describe('S3: a link that was not made for this is refused', () => {
  let token: LinkToken & { addressMark: string };
  let good: string;
  beforeAll(async () => {
    await identify('ada');
    await consent('ada');
    good = tokenOf(linkOf(await mailTo('ada', CONFIRM)));
    const [{ requestedAt }] = (await service.ledger('ada')) as unknown as [ConfirmationRequest];
    const state = { channel: 'email', purpose: 'newsletter', requestedAt } as ConfirmationRequest;
    const contactId: Id = contactIdOf('ada');
    token = {
      contactId,
      channel: 'email',
      purpose: 'newsletter',
      messageId: requestId(contactId, state, ['newsletter']),
      addressMark: addressMark('ada@example.com'),
    };
  });
  const made = (changes: Partial<LinkToken> = {}, use: TokenUse = 'confirm', secret = service.config.secret): string =>
    signToken({ ...token, ...changes }, use, secret);

  test('what the mail has is what these tests make', () => expect(good).toBe(made()));

  test.each<[string, () => string, number]>([
    ['cut off', () => good.slice(0, -3), 404],
    ['with one character more', () => `${good}A`, 404],
    ['with another signature', () => `${good.split('.')[0]}.${made({ purpose: 'offers' }).split('.')[1]}`, 404],
    ['made for unsubscribing', () => made({}, 'unsubscribe'), 404],
    ['made elsewhere', () => made({}, 'confirm', 'another secret'), 404],
    ['of no address', () => made({ addressMark: undefined }), 404],
    ['of another contact', () => made({ contactId: contactIdOf('bob') }), 410],
    ['of another address', () => made({ addressMark: addressMark('bob@example.com') }), 410],
    ['of another message', () => made({ messageId: contactIdOf('x') }), 410],
  ])('%s', async (_name, link, status) => {
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${service.url}/c/${link()}`, { method });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    expect(await actions('ada')).toEqual(['pending']);
  });

  test('and this one unsubscribes nobody', async () => {
    expect((await fetch(`${service.url}/u/${good}`, { method: 'POST' })).status).toBe(404);
    expect(await actions('ada')).toEqual(['pending']);
  });
});

test('it speaks French to somebody French, whatever the browser', async () => {
  await identify('helene', { locale: 'fr-FR' });
  await consent('helene');
  const mail = await mailTo('helene', CONFIRM);
  expect(await (await fetch(linkOf(mail), { headers: { 'accept-language': 'en' } })).text()).toContain(
    'Oui, je confirme',
  );
});

test('C8: an export has the request, and an erasure takes it', async () => {
  await identify('erased');
  await consent('erased');
  const link = linkOf(await mailTo('erased', CONFIRM));
  const headers = { authorization: basic(ADMIN.email, ADMIN.password) };
  const exported = await (await fetch(`${service.url}/api/contacts/erased/export`, { headers })).text();
  expect(exported).toMatch(/"expiresAt"|"expires_at"/);
  await fetch(`${service.url}/api/contacts/erased`, { method: 'DELETE', headers });
  expect((await press(link)).status).toBe(410);
  expect(await actions('erased')).toEqual([]);
});
