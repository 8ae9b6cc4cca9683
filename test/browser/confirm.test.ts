import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { contactIdOf } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from '../consent/programme.ts';
import { openBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { DESKTOP, expectAccessible, PHONE, visitor } from './visitor.ts';

let service: ConsentTestService;
let browser: Browser;

beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine', 'dispatch']);
  browser = await openBrowser();
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

/** The link of the mail that asks this person for a confirmation. */
async function linkTo(userId: string, locale: string | null = null): Promise<string> {
  const source = { kind: 'form', reference: 'shop', textVersion: '7' };
  await service.post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, country: 'DE', locale } });
  const entry = { channel: 'email', purpose: 'newsletter', action: 'granted', source };
  await service.post('/v1/consent', { userId, entries: [entry] });
  let html: string | undefined;
  await until(async () => {
    const query = `SELECT html FROM captured WHERE contact_id = $1`;
    [html] = ((await service.db.dataSource.query(query, [contactIdOf(userId)])) as { html: string }[]).map(
      (mail) => mail.html,
    );
    return html !== undefined;
  });
  return `${service.url}${/\/c\/[^"]+/.exec(html!)![0]}`;
}

const visit = visitor(() => ({ browser, url: service.url }));

describe.each<[string, string, BrowserContextOptions]>([
  ['phone', 'phone', PHONE],
  ['desktop, dark', 'dark', { ...DESKTOP, colorScheme: 'dark' }],
])('C4: %s', (_look, name, options) => {
  test('the page asks, its button confirms, and opened again it says so', async () => {
    const link = await linkTo(`en-${name}`);
    await visit(link, options, async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Confirm “Letters & <news>”?' }).waitFor();
      await expectAccessible(page, name);
      await page.getByRole('button', { name: 'Yes, confirm' }).click();
      await page.getByRole('heading', { name: 'Thank you, it is confirmed' }).waitFor();
      await expectAccessible(page, `${name}-done`);
      await page.goto(link);
      await page.getByRole('heading', { name: 'Thank you, it is confirmed' }).waitFor();
    });
    expect((await service.ledger(`en-${name}`)).map(({ action }) => action)).toEqual(['pending', 'granted']);
  });

  test('whose time is over reads how to start again', async () => {
    const link = await linkTo(`late-${name}`, 'fr');
    await service.db.dataSource.query(
      `UPDATE consent_state SET expires_at = now() - interval '1 second' WHERE contact_id = $1`,
      [contactIdOf(`late-${name}`)],
    );
    const work = async (page: Page): Promise<void> => {
      await page.getByRole('heading', { name: 'Ce lien n’est plus valable' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('fr');
      expect(await page.getByRole('button').count()).toBe(0);
      await expectAccessible(page);
    };
    await visit(link, options, work, /status of 410/);
  });
});

test('C4: the keyboard alone is enough, also without scripts: Tab to the button, Enter', async () => {
  const link = await linkTo('keys');
  await visit(link, { viewport: { width: 320, height: 568 }, javaScriptEnabled: false }, async (page) => {
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Yes, confirm');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Thank you, it is confirmed' }).waitFor();
  });
  expect(await service.ledger('keys')).toHaveLength(2);
});
