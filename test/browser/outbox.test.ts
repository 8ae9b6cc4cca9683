import type { Browser, BrowserContext, Page } from 'playwright-core';
import { simpleParser } from 'mailparser';
import { CaptureAdapter, composeEmail, composeSms } from '../../src/channels/index.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { openBrowser } from '../support/browser.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, basic, startService } from '../support/service.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const MAIL = `<!doctype html><html><head><title>Mail</title></head><body style="font-family:sans-serif">
<h1>Welcome, Ada</h1><p>Your first order ships free.</p>
<script>document.body.dataset.ran = 'yes'</script>
<p><a href="https://shop.example.com/">Go to the shop</a></p></body></html>`;

let service: TestService;
let browser: Browser;
/** Of somebody who is signed in: a browser is taken at no password of HTTP Basic. */
let session: { name: string; value: string };
const clock = new VirtualClock(START);

const planned = (user: string) => ({
  id: derivedId(contactIdOf(user), 'message', 1),
  contactId: contactIdOf(user),
  category: 'marketing',
  programme: 'welcome',
  scenarioId: 'newsletter-welcome',
});

async function capture(user: string, subject: string): Promise<string> {
  clock.moveTo(clock.now() + 60_000);
  const message = composeEmail({
    message: planned(user),
    to: `${user}@example.com`,
    sender: { email: 'Relance <hello@example.com>', replyTo: 'care@example.com' },
    rendered: { subject, html: MAIL, text: 'Welcome, Ada\n\nYour first order ships free.', from: null },
    unsubscribeLink: 'https://relance.example.com/u/token',
  });
  await new CaptureAdapter('email', service.db.database, clock).deliver(message);
  return message.messageId;
}

async function captureText(user: string, text: string): Promise<string> {
  clock.moveTo(clock.now() + 60_000);
  const message = composeSms({ message: planned(user), to: '+33612345678', sender: { sms: 'RELANCE' }, text });
  await new CaptureAdapter('sms', service.db.database, clock).deliver(message);
  return message.messageId;
}

/** Opens a page of the signed-in outbox and does `work`; anything the browser complains about fails the test. */
async function visit(
  path: string,
  work: (page: Page, context: BrowserContext) => Promise<void>,
  options = {},
): Promise<void> {
  const context = await browser.newContext(options);
  await context.addCookies([{ ...session, url: service.url }]);
  const complaints: string[] = [];
  const page = await context.newPage();
  // The mail of these tests carries a script on purpose; that it is refused is what they check.
  page.on(
    'console',
    (line) => line.type() === 'error' && !/Blocked script execution/.test(line.text()) && complaints.push(line.text()),
  );
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    await page.goto(`${service.url}${path}`);
    await work(page, context);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

beforeAll(async () => {
  service = await startService({ roles: ['api'] });
  browser = await openBrowser();
  const signedIn = await fetch(`${service.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams(ADMIN),
    redirect: 'manual',
  });
  const [name, value] = signedIn.headers.get('set-cookie')!.split(/[=;]/) as [string, string];
  session = { name, value };
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

test('an empty outbox says what will make it fill', async () => {
  await visit('/outbox', async (page) => {
    expect(await page.getByRole('heading', { name: 'No messages yet' }).isVisible()).toBe(true);
  });
});

describe('with messages', () => {
  let adaMail: string;
  let text: string;

  beforeAll(async () => {
    for (let index = 0; index < 55; index++) await capture(`contact${index}`, `Newsletter ${index}`);
    adaMail = await capture('ada', 'Welcome <Ada> & friends');
    text = await captureText('tom', 'Ê donc, Tom : 10 € offerts. STOP 36000');
  });

  test('the list shows the newest first, and searches, filters and pages', async () => {
    await visit('/outbox', async (page) => {
      const items = page.getByRole('listitem');
      expect(await items.count()).toBe(50);
      expect(await items.nth(0).textContent()).toContain('SMS');
      expect(await items.nth(1).textContent()).toContain('Welcome <Ada> & friends');

      await page.getByRole('link', { name: 'Older →' }).click();
      expect(await items.count()).toBe(7);
      await page.getByRole('link', { name: '← Newest' }).click();
      expect(await items.count()).toBe(50);

      await page.getByRole('searchbox').fill('ADA@example');
      await page.getByRole('button', { name: 'Search' }).click();
      expect(await items.count()).toBe(1);
      await page.getByRole('link', { name: 'Clear' }).click();

      await page.getByRole('combobox', { name: 'Channel' }).selectOption('sms');
      await page.getByRole('button', { name: 'Search' }).click();
      expect(await items.count()).toBe(1);

      await page.getByRole('searchbox').fill('nobody at all');
      await page.getByRole('button', { name: 'Search' }).click();
      expect(await page.getByRole('heading', { name: 'Nothing matches' }).isVisible()).toBe(true);
    });
  });

  test('a mail opens from the list by keyboard and is shown as a mailbox would, without running its scripts', async () => {
    await visit('/outbox?q=ada', async (page) => {
      await page.getByRole('link', { name: /Welcome <Ada> & friends/ }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/outbox/${adaMail}`);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Welcome <Ada> & friends');
      const mail = page.frameLocator('iframe');
      await mail.getByRole('heading', { name: 'Welcome, Ada' }).waitFor();
      expect(await mail.locator('body').getAttribute('data-ran')).toBeNull();
      expect(await mail.locator('base').getAttribute('target')).toBe('_blank');

      await page.getByText(/^\d+ more headers$/).click();
      expect(await page.getByText('List-Unsubscribe=One-Click').isVisible()).toBe(true);

      await page.getByRole('link', { name: 'Plain text' }).click();
      expect(await page.locator('pre').textContent()).toContain('Your first order ships free.');
      await page.getByRole('link', { name: 'Source' }).click();
      const source = await simpleParser((await page.locator('pre').textContent())!);
      expect(source.subject).toBe('Welcome <Ada> & friends');
      expect(source.text).toContain('Your first order ships free.');
      expect(source.date?.getTime()).toBe(START + 56 * 60_000);
    });
  });

  test('a text message is shown with the parts it costs (L26)', async () => {
    await visit(`/outbox/${text}`, async (page) => {
      expect(await page.getByText('Ê donc, Tom : 10 € offerts. STOP 36000').isVisible()).toBe(true);
      expect(await page.getByText('1 part · 38 UCS-2 units, 70 a part').isVisible()).toBe(true);
    });
  });

  test.each([
    ['a phone', { viewport: { width: 360, height: 740 } }],
    ['a dark screen', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' as const }],
  ])('nothing is cut off or runs over on %s', async (_name, options) => {
    for (const path of [
      '/outbox',
      `/outbox/${adaMail}`,
      `/outbox/${adaMail}?view=phone`,
      `/outbox/${adaMail}?view=source`,
      `/outbox/${text}`,
    ]) {
      await visit(
        path,
        async (page) => {
          const over = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect(over).toBe(0);
        },
        options,
      );
    }
  });

  test('what does not exist is said in words, with 404', async () => {
    const headers = { authorization: basic(ADMIN.email, ADMIN.password) };
    for (const path of [
      '/outbox/nothing',
      `/outbox/${contactIdOf('x')}`,
      `/outbox/${text}/html`,
      `/outbox/${text}/message.eml`,
    ]) {
      const response = await fetch(`${service.url}${path}`, { headers });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('There is no such message');
    }
    expect((await fetch(`${service.url}/api/outbox/${contactIdOf('x')}`, { headers })).status).toBe(404);
  });

  test('the API lists and shows the same, and refuses a query it does not know how to read', async () => {
    const headers = { authorization: basic(ADMIN.email, ADMIN.password) };
    const list = (await (await fetch(`${service.url}/api/outbox?limit=2`, { headers })).json()) as {
      messages: { id: string; capturedAt: string }[];
      next: string;
    };
    expect(list.messages.map((message) => message.id)).toEqual([text, adaMail]);
    expect(list.messages[0]!.capturedAt).toBe('2026-03-02T09:57:00.000Z');
    const older = (await (
      await fetch(`${service.url}/api/outbox?limit=2&before=${list.next}`, { headers })
    ).json()) as typeof list;
    expect(older.messages).toHaveLength(2);
    expect(await (await fetch(`${service.url}/api/outbox/${text}`, { headers })).json()).toMatchObject({
      channel: 'sms',
      to: '+33612345678',
      sms: { encoding: 'ucs-2', units: 38, parts: 1 },
    });
    expect((await fetch(`${service.url}/api/outbox?channel=fax`, { headers })).status).toBe(400);
  });

  test('nothing of it is shown without an account (S1)', async () => {
    for (const path of [
      '/outbox',
      `/outbox/${adaMail}`,
      `/outbox/${adaMail}/html`,
      '/api/outbox',
      `/api/outbox/${adaMail}`,
    ]) {
      const response = await fetch(`${service.url}${path}`);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });
});
