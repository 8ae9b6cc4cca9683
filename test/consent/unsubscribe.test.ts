import { signToken, type TokenUse } from '../../src/consent/token.ts';
import type { Statement } from '../../src/database/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from './programme.ts';

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine', 'dispatch']);
}, 60_000);
afterAll(() => service?.close());

/** The link that the service puts into a message to this person. */
function linkOf(
  userId: string,
  { channel = 'email', purpose = 'newsletter', use = 'unsubscribe' as TokenUse } = {},
): string {
  const contactId = contactIdOf(userId);
  const token = signToken({ contactId, channel, purpose, messageId: messageOf(userId) }, use, service.config.secret);
  return `${service.url}/u/${token}`;
}
const messageOf = (userId: string): string => derivedId(contactIdOf(userId), 'message', 1);
const form = { 'content-type': 'application/x-www-form-urlencoded' };
/** RFC 8058, 8.1: what a mailbox posts. */
const oneClick = (link: string, init: RequestInit = {}): Promise<Response> =>
  fetch(link, { method: 'POST', headers: form, body: 'List-Unsubscribe=One-Click', ...init });
const press = (link: string): Promise<Response> => fetch(link, { method: 'POST', headers: form, body: '' });
const grant = (userId: string, purpose = 'newsletter'): Promise<Response> =>
  service.post('/v1/consent', {
    userId,
    entries: [
      { channel: 'email', purpose, action: 'granted', source: { kind: 'form', reference: 'shop', textVersion: '1' } },
    ],
  });
const statesOf = async (userId: string): Promise<string[]> => {
  const statement: Statement<{ said: string }> = {
    name: 'test-said',
    text: `SELECT channel || ' ' || purpose || ' ' || state AS said FROM consent_state WHERE contact_id = $1 ORDER BY 1`,
  };
  return (await service.db.database.run(statement, [contactIdOf(userId)])).map(({ said }) => said);
};
/** Everything that an unsubscription could change, of everybody. */
const everything = (): Promise<unknown> =>
  service.db.dataSource.query(
    `SELECT (SELECT count(*) FROM consent_entry) AS entries, (SELECT count(*) FROM inbox) AS inbox, (SELECT count(*) FROM suppression) AS suppressions,
            (SELECT count(*) FROM message) AS messages, (SELECT json_agg(s ORDER BY contact_id, channel, purpose) FROM consent_state s) AS states`,
  );
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
/** The engine has taken up all it was told. */
const quiet = (): Promise<true> =>
  until(async () => ((await service.db.dataSource.query('SELECT 1 FROM inbox')).length === 0 ? true : undefined));

describe('C5: looking changes nothing', () => {
  test('GET shows a page that asks, with the purpose and the brand', async () => {
    const response = await fetch(linkOf('looker'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    expect(page).toContain('Letters &amp; &lt;news&gt;');
    expect(page).toContain('Maison d&#39;Été &amp; fils');
    expect(page).toContain('<form method="post">');
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test('a slash that a mail client put behind the link leads to the same page', async () => {
    const link = linkOf('slashed');
    expect(await (await fetch(`${link}/`)).text()).toBe(await (await fetch(link)).text());
  });

  test.each(['/u', '/p', '/c', '/v', '/t', '/t/c'])(
    '%s without a token is a broken link: the same page',
    async (path) => {
      const broken = await fetch(`${service.url}/u/broken`);
      expect(broken.status).toBe(404);
      const page = await broken.text();
      for (const method of ['GET', 'POST'])
        for (const url of [path, `${path}/`]) {
          const bare = await fetch(`${service.url}${url}`, { method });
          expect([bare.status, await bare.text()]).toEqual([404, page]);
        }
    },
  );

  test('a storm of GET and HEAD from link scanners changes nothing at all', async () => {
    await grant('scanned');
    await quiet();
    const before = await everything();
    const link = linkOf('scanned');
    const scans = Array.from({ length: 200 }, (_, i) =>
      fetch(i % 4 === 0 ? `${link}?List-Unsubscribe=One-Click` : link, {
        method: i % 2 === 0 ? 'GET' : 'HEAD',
        headers: { 'user-agent': 'LinkScanner/1.0', purpose: 'prefetch' },
      }),
    );
    for (const response of await Promise.all(scans)) {
      expect(response.status).toBe(200);
      await response.text();
    }
    expect(await everything()).toEqual(before);
    expect(await statesOf('scanned')).toEqual(['email newsletter granted']);
  }, 60_000);

  test('other methods are refused and change nothing', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await fetch(linkOf('scanned'), { method })).status).toBe(404);
    }
    expect(await statesOf('scanned')).toEqual(['email newsletter granted']);
  });
});

describe('C5, RFC 8058: one POST withdraws at once', () => {
  const boundary = '---FormBoundaryjWmhtjORrn';
  const multipart = (part: string, end = '\r\n'): [Record<string, string>, string] => [
    { 'content-type': `multipart/form-data; boundary=${boundary}` },
    [`--${boundary}`, ...part.split('\n'), `--${boundary}--`, ''].join(end),
  ];
  const disposition = 'Content-Disposition: form-data; name="List-Unsubscribe"';

  test.each<[string, string, Record<string, string>, string | undefined]>([
    ['the form of RFC 8058, 8.1', 'one-click', form, 'List-Unsubscribe=One-Click'],
    [
      'a form that names its characters',
      'one-click',
      { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      'List-Unsubscribe=One-Click',
    ],
    ['the multipart form of RFC 8058, 8.2', 'one-click', ...multipart(`${disposition}\n\nOne-Click`)],
    ['a multipart form whose lines end as on Unix', 'one-click', ...multipart(`${disposition}\n\nOne-Click`, '\n')],
    [
      'a multipart form with more headers',
      'one-click',
      ...multipart(`${disposition}\nContent-Type: text/plain; charset=utf-8\nContent-Length: 9\n\nOne-Click`),
    ],
    ['the button of the page', 'unsubscribe-page', form, ''],
    ['a form that says something else', 'unsubscribe-page', form, 'List-Unsubscribe=Maybe'],
    [
      'a multipart form that says something else',
      'unsubscribe-page',
      ...multipart('Content-Disposition: form-data; name="x"\n\nOne-Click'),
    ],
    ['nothing', 'unsubscribe-page', {}, undefined],
    [
      'a form that is told to be a text',
      'unsubscribe-page',
      { 'content-type': 'text/plain' },
      'List-Unsubscribe=One-Click',
    ],
    ['something unknown', 'unsubscribe-page', { 'content-type': 'application/octet-stream' }, 'x'],
    ['broken JSON', 'unsubscribe-page', { 'content-type': 'application/json' }, '{"List-'],
    ['what is not packed as it says', 'unsubscribe-page', { ...form, 'content-encoding': 'gzip' }, 'x'],
    ['a packing that nobody knows', 'unsubscribe-page', { ...form, 'content-encoding': 'zstd' }, 'x'],
  ])('as %s', async (name, kind, headers, body) => {
    const userId = `posts ${name}`;
    await grant(userId);
    const response = await fetch(linkOf(userId), {
      method: 'POST',
      headers: { ...headers, 'user-agent': 'Mailbox/2.0' },
      body: body ?? null,
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('You are unsubscribed');
    expect(await statesOf(userId)).toEqual(['email newsletter withdrawn']);
    const [, entry, ...others] = await service.ledger(userId);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      action: 'withdrawn',
      channel: 'email',
      purpose: 'newsletter',
      source: { kind, reference: messageOf(userId) },
      ip: '127.0.0.1',
      userAgent: 'Mailbox/2.0',
    });
  });

  test('again is 200 and leaves no second entry, also many times at once', async () => {
    const responses = await Promise.all(Array.from({ length: 10 }, () => oneClick(linkOf('twice'))));
    responses.push(await oneClick(linkOf('twice')), await press(linkOf('twice')));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(await service.ledger('twice')).toHaveLength(1);
  });

  test('no cookie is needed and none is set; a credential that is shown is not looked at', async () => {
    for (const response of [
      await fetch(linkOf('plain')),
      await oneClick(linkOf('plain'), { headers: { ...form, authorization: 'Basic broken', cookie: 'a=b' } }),
    ]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  test('there is no redirect: mailboxes follow none', async () => {
    expect((await oneClick(linkOf('straight'), { redirect: 'manual' })).status).toBe(200);
  });

  test('a browser’s name without end is cut', async () => {
    await oneClick(linkOf('verbose'), { headers: { ...form, 'user-agent': 'x'.repeat(5_000) } });
    expect((await service.ledger('verbose'))[0]!.userAgent).toHaveLength(1_000);
  });

  test('it concerns one channel and one purpose, and nobody else', async () => {
    await grant('whole');
    await grant('whole', 'offers');
    await grant('other');
    await oneClick(linkOf('whole'));
    expect(await statesOf('whole')).toEqual(['email newsletter withdrawn', 'email offers granted']);
    expect(await statesOf('other')).toEqual(['email newsletter granted']);
  });

  test('it works when the scenario, the message and the purpose are long gone, and for somebody unknown', async () => {
    const link = linkOf('stranger', { purpose: 'summer-2019' });
    expect(await (await fetch(link)).text()).toContain('summer-2019');
    expect((await oneClick(link)).status).toBe(200);
    expect(await statesOf('stranger')).toEqual(['email summer-2019 withdrawn']);
  });

  test('who has unsubscribed already is told so by the page; who subscribes again is asked again', async () => {
    const link = linkOf('back');
    await oneClick(link);
    const page = await (await fetch(link)).text();
    expect(page).toContain('already unsubscribed');
    expect(page).not.toContain('<form');
    await grant('back');
    expect(await (await fetch(link)).text()).toContain('<form');
    await oneClick(link);
    expect(await statesOf('back')).toEqual(['email newsletter withdrawn']);
  });
});

describe('C5, S3: a link that was changed does nothing', () => {
  const spoilt = (): [string, string][] => {
    const [ada, grace] = [linkOf('spoilt'), linkOf('grace')];
    const [payload, signature] = [ada.slice(0, ada.lastIndexOf('.')), grace.slice(grace.lastIndexOf('.'))];
    return [
      ['a character changed', ada.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
      ['cut off', ada.slice(0, -5)],
      ['something added', `${ada}x`],
      ['the signature of somebody else', payload + signature],
      ['made for another use', linkOf('spoilt', { use: 'preferences' as TokenUse })],
      ['garbage', `${service.url}/u/%F0%9F%92%A5..%00`],
    ];
  };

  test('GET and POST are 404, and nothing changes', async () => {
    await grant('spoilt');
    await quiet();
    const before = await everything();
    for (const [what, link] of spoilt()) {
      for (const response of [await fetch(link), await oneClick(link), await fetch(link, { method: 'HEAD' })]) {
        expect([what, response.status, response.headers.get('content-type')]).toEqual([
          what,
          404,
          'text/html; charset=utf-8',
        ]);
        expect(response.headers.get('cache-control')).toBe('no-store');
      }
    }
    expect(await everything()).toEqual(before);
  });

  test.each([
    ['fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
    ['fr-CH', 'fr'],
    ['de-DE, fr;q=0.7, en;q=0.3', 'fr'],
    ['en;q=0.4, fr;q=0.9', 'fr'],
    ['fr;q=0, en', 'en'],
    ['en-GB,en;q=0.9,fr;q=0.8', 'en'],
    ['de', 'en'],
    ['*', 'en'],
    [';q=;,,constructor,fr;q=x', 'en'],
  ])('its page speaks the browser’s language: %s', async (accepted, language) => {
    const page = await (await fetch(`${service.url}/u/x`, { headers: { 'accept-language': accepted } })).text();
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(language === 'fr' ? 'Ce lien ne fonctionne pas' : 'This link does not work');
  });
});

test('S1: the pages are kept by nobody, framed by nobody, and load nothing', async () => {
  for (const response of [
    await fetch(linkOf('safe')),
    await oneClick(linkOf('safe')),
    await fetch(`${service.url}/u/x`),
  ]) {
    const { headers } = response;
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    const policy = headers.get('content-security-policy');
    for (const part of [`default-src 'none'`, `form-action 'self'`, `frame-ancestors 'none'`])
      expect(policy).toContain(part);
  }
});

describe('D4: the whole path, from an event to a link in a mail and back', () => {
  interface Sent {
    status: string;
    gate: string | null;
    reason: string | null;
  }
  const messages = (userId: string): Promise<Sent[]> =>
    service.db.database.run(
      {
        name: 'test-messages',
        text: 'SELECT status, gate, reason FROM message WHERE contact_id = $1 ORDER BY planned_at, id',
      } as Statement<Sent>,
      [contactIdOf(userId)],
    );
  const headersOf = async (userId: string): Promise<Record<string, string> | undefined> => {
    const text = 'SELECT headers FROM captured WHERE contact_id = $1';
    return (
      await service.db.database.run<{ headers: Record<string, string> }>({ name: 'test-headers', text }, [
        contactIdOf(userId),
      ])
    )[0]?.headers;
  };
  const ask = (userId: string): Promise<Response> => service.post('/v1/track', { userId, event: 'Letter Asked' });
  const have = (userId: string, ...statuses: string[]): Promise<Sent[]> =>
    until(async () => {
      const found = await messages(userId);
      return String(found.map(({ status }) => status).toSorted()) === String(statuses) ? found : undefined;
    });

  test('a mail’s own header unsubscribes; what was held for the contact is blocked, and nothing follows', async () => {
    await service.post('/v1/identify', { userId: 'fay', traits: { email: 'fay@example.com', locale: 'fr-FR' } });
    await grant('fay');
    await ask('fay');
    await have('fay', 'sent');
    await ask('fay');
    await have('fay', 'held', 'sent');

    const headers = (await until(() => headersOf('fay')))!;
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    const link = /^<(https?:[^>]+)>/.exec(headers['List-Unsubscribe']!)![1]!;
    // The page speaks the contact's language, whatever the browser's.
    expect(await (await fetch(link, { headers: { 'accept-language': 'en' } })).text()).toContain('<html lang="fr">');
    expect((await oneClick(link)).status).toBe(200);

    // It was held for a day: only the withdrawal can have woken it.
    const settled = await have('fay', 'blocked', 'sent');
    expect(settled.find(({ status }) => status === 'blocked')).toEqual({
      status: 'blocked',
      gate: 'consent',
      reason: 'withdrawn',
    });

    await ask('fay');
    await have('fay', 'blocked', 'blocked', 'sent');
  }, 60_000);

  test('consent given again lets later messages through', async () => {
    await service.post('/v1/identify', { userId: 'gil', traits: { email: 'gil@example.com' } });
    await oneClick(linkOf('gil'));
    await ask('gil');
    await have('gil', 'blocked');
    await grant('gil');
    await ask('gil');
    await have('gil', 'blocked', 'sent');
  }, 60_000);
});

test('C5: one click at a link with a slash behind it unsubscribes', async () => {
  await grant('slash-clicked');
  expect((await oneClick(`${linkOf('slash-clicked')}/`)).status).toBe(200);
  expect(await statesOf('slash-clicked')).toEqual(['email newsletter withdrawn']);
});

test('C8: the pages about one’s own data have relative buttons, and are led away from a slash, a form with what it says', async () => {
  const page = await fetch(`${service.url}/r/`);
  expect([page.status, page.url]).toEqual([200, `${service.url}/r`]);
  const moved = await fetch(`${service.url}/r/token/object/?from=mail/`, { method: 'POST', redirect: 'manual' });
  expect([moved.status, moved.headers.get('location')]).toEqual([308, '../object']);
  const broken = await fetch(`${service.url}/r/token/`);
  expect([broken.status, broken.url]).toEqual([404, `${service.url}/r/token`]);
  expect((await fetch(`${service.url}/r?from=mail/`)).redirected).toBe(false);
});
