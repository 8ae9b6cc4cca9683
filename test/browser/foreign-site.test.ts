import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { newContact } from '../../src/contacts/index.ts';
import { runRows } from '../../src/database/index.ts';
import { writeContacts } from '../../src/engine/sql/write-contacts.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { openBrowser } from '../support/browser.ts';
import { ADMIN, startService, type TestService } from '../support/service.ts';
import { expectAccessible, PHONE } from './visitor.ts';

// Another site must not be able to act for somebody who is signed in here, nor to sign them in or out (rule S1).

let service: TestService;
let browser: Browser;
let other: Server;
/** What the page of the other site tries, with the service's address. */
let attack = '';

beforeAll(async () => {
  service = await startService();
  await runRows(service.db.database, writeContacts, [newContact(contactIdOf('ada'), 'ada', Date.parse('2026-03-02'))]);
  other = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/attack' ? `<!doctype html><title>Attack</title><body>${attack}` : 'landed');
  });
  await new Promise<void>((resolve) => other.listen(0, resolve));
  browser = await openBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  other?.close();
  await service?.close();
});

const otherPort = (): number => (other.address() as AddressInfo).port;

async function signIn(page: Page, password = ADMIN.password): Promise<void> {
  await page.goto(`${service.url}/outbox?q=ada`);
  await page.getByLabel('Email').fill(ADMIN.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signedIn(work: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    await signIn(page);
    await page.getByRole('heading', { name: 'Outbox' }).waitFor();
    await work(page, context);
  } finally {
    await context.close();
  }
}

/** Everything that an attack could have changed. */
async function state(): Promise<unknown> {
  const rows = (sql: string): Promise<unknown> => service.db.dataSource.query(sql);
  return [
    await rows('SELECT count(*)::int AS n FROM rights_request'),
    await rows('SELECT count(*)::int AS n FROM audit'),
    await rows('SELECT count(*)::int AS n FROM consent_entry'),
    await rows('SELECT count(*)::int AS n FROM restriction'),
    await rows('SELECT count(*)::int AS n FROM retention_run'),
    await rows('SELECT count(*)::int AS n FROM contact'),
    await rows('SELECT email, role, password_changed_at FROM account'),
    await rows('SELECT hash, revoked_at FROM api_key'),
    await rows('SELECT hash, email FROM session ORDER BY hash'),
    await rows('SELECT count(*)::int AS n FROM event'),
  ];
}

const TARGETS = [
  ['POST', '/api/contacts/ada/objection', '{}'],
  ['POST', '/api/retention', '{}'],
  ['POST', '/api/requests', '{"userId":"ada","kind":"erasure"}'],
  ['POST', '/api/accounts', '{"email":"evil@example.com","role":"admin"}'],
  ['POST', '/api/keys', '{"name":"evil","scope":"manage"}'],
  ['DELETE', '/api/contacts/ada', ''],
  ['PUT', '/api/contacts/ada/restriction', '{}'],
  ['GET', '/api/contacts/ada/export', ''],
  ['POST', '/sign-out', ''],
  ['POST', '/sign-in', ''],
] as const;

const form = (action: string, enctype: string, body: string, target = '_self'): string =>
  `<form id="f" target="${target}" method="post" action="${action}" enctype="${enctype}">
    <input type="hidden" name='${body.slice(0, -1) || 'email'}' value='${body ? '"}' : 'evil@example.com'}'></form>
  <script>document.getElementById('f').submit()</script>`;

const KINDS = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'];

describe.each([
  ['of the same site, on another port', (): string => `http://127.0.0.1:${otherPort()}`],
  ['of another site', (): string => `http://localhost:${otherPort()}`],
])('a page %s', (_what, origin) => {
  test.each(KINDS)('changes nothing by forms of %s', async (kind) => {
    await signedIn(async (page) => {
      const before = await state();
      for (const [method, path, body] of TARGETS) {
        if (method !== 'POST') continue;
        attack = form(`${service.url}${path}`, kind, body);
        const answered = page.waitForResponse((response) => response.url() === `${service.url}${path}`);
        await page.goto(`${origin()}/attack`);
        expect([401, 403, 415]).toContain((await answered).status());
      }
      expect(await state()).toEqual(before);
      // Whoever was signed in still is.
      await page.goto(`${service.url}/outbox`);
      await page.getByRole('heading', { name: 'Outbox' }).waitFor();
    });
  });

  test('changes nothing, and reads nothing, by scripts, pictures, frames and links', async () => {
    await signedIn(async (page) => {
      const before = await state();
      attack = '';
      await page.goto(`${origin()}/attack`);
      const read = await page.evaluate(
        async ({ url, targets }) => {
          const found: string[] = [];
          const tryIt = async (path: string | undefined, options: RequestInit): Promise<void> => {
            try {
              const answer = await fetch(url + path, { credentials: 'include', ...options });
              if (answer.type !== 'opaque') found.push(`${options.method} ${path} ${answer.status}`);
            } catch {
              // Refused by the browser, or by the service without leave to read.
            }
          };
          for (const [method, path, body] of targets) {
            for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json', '']) {
              const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
              const content = method === 'GET' || body === '' ? undefined : body;
              await tryIt(path, { method, headers, body: content });
              await tryIt(path, { method, headers, body: content, mode: 'no-cors' });
            }
          }
          await Promise.all(
            ['/api/contacts/ada/export', '/api/messages?userId=ada', '/outbox'].map(async (path) => {
              await tryIt(path, { method: 'GET' });
              const globals = globalThis as unknown as { document: any };
              for (const name of ['img', 'iframe', 'script', 'embed']) {
                const element = globals.document.createElement(name);
                await new Promise<void>((resolve) => {
                  for (const end of ['load', 'error']) element.addEventListener(end, () => resolve());
                  element.src = url + path;
                  globals.document.body.append(element);
                  setTimeout(resolve, 1_000);
                });
              }
            }),
          );
          return found;
        },
        { url: service.url, targets: TARGETS as unknown as string[][] },
      );
      expect(read).toEqual([]);
      // A link leads to pages, and to nothing that writes something down.
      attack = `<a href="${service.url}/api/contacts/ada/export">win</a>`;
      await page.goto(`${origin()}/attack`);
      const [answer] = await Promise.all([page.waitForNavigation(), page.getByRole('link').click()]);
      expect(answer!.status()).toBe(403);
      expect(await state()).toEqual(before);
    });
  });

  test('cannot use a password that the browser was told', async () => {
    const context = await browser.newContext({
      httpCredentials: { username: ADMIN.email, password: ADMIN.password, send: 'always' },
    });
    try {
      const page = await context.newPage();
      const before = await state();
      attack = form(`${service.url}/api/contacts/ada/objection`, 'application/x-www-form-urlencoded', '{}');
      const answered = page.waitForResponse((response) => response.url().endsWith('/objection'));
      await page.goto(`${origin()}/attack`);
      expect((await answered).status()).toBe(403);
      expect(await state()).toEqual(before);
    } finally {
      await context.close();
    }
  });
});

test('a browser is never asked for a password by HTTP Basic, and none that it was told is taken', async () => {
  const context = await browser.newContext({
    httpCredentials: { username: ADMIN.email, password: ADMIN.password },
  });
  try {
    const page = await context.newPage();
    const answer = await page.goto(`${service.url}/api/retention`);
    expect(answer!.status()).toBe(401);
    await page.goto(`${service.url}/outbox`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  } finally {
    await context.close();
  }
});

test('people sign in on a page, come to where they were going, and sign out', async () => {
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    await signIn(page, 'wrong password');
    expect(await page.getByRole('alert').textContent()).toContain('Email or password is wrong');
    expect(await page.getByLabel('Email').inputValue()).toBe(ADMIN.email);
    await expectAccessible(page, 'sign-in-wrong');
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${service.url}/outbox?q=ada`);
    const cookies = await context.cookies();
    expect(cookies).toMatchObject([{ name: 'relance_session', httpOnly: true, sameSite: 'Lax', path: '/' }]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    expect(await context.cookies()).toEqual([]);
    // What was kept of it is good for nothing.
    await context.addCookies(cookies);
    await page.goto(`${service.url}/outbox`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  } finally {
    await context.close();
  }
});

test('the sign-in speaks French, fits a phone and is accessible in the dark', async () => {
  const context = await browser.newContext({ ...PHONE, locale: 'fr-FR', colorScheme: 'dark' });
  try {
    const page = await context.newPage();
    await page.goto(`${service.url}/sign-in`);
    await page.getByRole('button', { name: 'Se connecter' }).waitFor();
    await expectAccessible(page, 'sign-in-french');
  } finally {
    await context.close();
  }
});

test('whoever is signed in tries the API on its own page, which shows its token', async () => {
  await signedIn(async (page) => {
    await page.goto(`${service.url}/api/docs`);
    await page.getByText('GET', { exact: true }).first().waitFor();
    const [own, without] = await page.evaluate(async () => {
      const globals = globalThis as unknown as { document: any };
      const token = globals.document.querySelector('meta[name="csrf-token"]').content as string;
      const change = (headers: Record<string, string>): Promise<number> =>
        fetch('/api/contacts/ada/objection', { method: 'DELETE', headers }).then(({ status }) => status);
      return [await change({ 'x-csrf-token': token }), await change({})];
    });
    expect([own, without]).toEqual([200, 403]);
  });
});
