import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startPreferences, type PreferencesService } from '../preferences/setting.ts';
import { openBrowser } from '../support/browser.ts';
import { expectAccessible as expectPageAccessible, PHONE, SHOTS, visitor } from './visitor.ts';

let service: PreferencesService;
let browser: Browser;

beforeAll(async () => {
  service = await startPreferences(['api', 'engine']);
  browser = await openBrowser();
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const DESKTOP = { viewport: { width: 1280, height: 900 } };

const visit = visitor(() => ({ browser, url: service.url }));

/** Also boxes and lists are touched here. */
const expectAccessible = (page: Page, shot: string): Promise<void> =>
  expectPageAccessible(page, shot, [page.getByRole('button'), page.locator('label.box'), page.getByRole('combobox')]);

describe.each<[string, BrowserContextOptions]>([
  ['phone', PHONE],
  ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' }],
])('C5: %s', (look, options) => {
  const user = look.replace(/\W+/g, '-');

  test('the page shows how things stand; saving shows what was saved; stopping stops, and says how to come back', async () => {
    await service.arrive(user, { firstName: 'Ada', phone: '+33612345678' });
    await visit(service.link(user), options, async (page) => {
      expect(await page.title()).toBe('Your preferences · Maison Relance');
      expect(await page.getByLabel('Letters & <news>').first().isChecked()).toBe(true);
      await expectAccessible(page, `${user}-asking`);

      await page.getByLabel('Offers and your birthday gift').first().check();
      await page.getByLabel('Messages a week').selectOption('2');
      await page.getByLabel('Take a break').selectOption('2w');
      await page.getByRole('button', { name: 'Save my preferences' }).click();
      await page.getByRole('heading', { name: 'Your preferences are saved' }).waitFor();
      expect(await page.getByRole('status').textContent()).toMatch(/Offers and your birthday gift,\s+by email/);
      expect(await page.getByText('You are on a break until').isVisible()).toBe(true);
      await expectAccessible(page, `${user}-saved`);

      await page.getByRole('button', { name: 'Stop everything' }).click();
      await page.getByRole('heading', { name: 'We have stopped everything' }).waitFor();
      expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
      await expectAccessible(page, `${user}-stopped`);
    });
  });

  test('a fault keeps what was typed and names the field', async () => {
    await service.arrive(`${user}-fault`);
    const work = async (page: Page): Promise<void> => {
      await page.getByLabel('News for the trade').last().check();
      await page.evaluate("document.querySelector('#week').options[3].value = 'many'");
      await page.getByLabel('Messages a week').selectOption('many');
      await page.getByRole('button', { name: 'Save my preferences' }).click();
      await page.getByText('Nothing was saved').waitFor();
      expect(await page.getByLabel('News for the trade').last().isChecked()).toBe(true);
      expect(await page.getByLabel('Messages a week').getAttribute('aria-invalid')).toBe('true');
      await expectAccessible(page, `${user}-fault`);
    };
    await visit(service.link(`${user}-fault`), options, work, /status of 400/);
    expect(await service.ledger(`${user}-fault`)).toHaveLength(1);
  });
});

test('C5: it speaks the language of the contact, and a chosen one from then on', async () => {
  await service.arrive('french', { locale: 'fr-CA' });
  await visit(service.link('french'), DESKTOP, async (page) => {
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await expectAccessible(page, 'french-asking');
    await page.getByLabel('Langue de nos messages').selectOption('en');
    await page.getByRole('button', { name: 'Enregistrer mes préférences' }).click();
    await page.getByRole('heading', { name: 'Your preferences are saved' }).waitFor();
  });
});

test('C5: the keyboard alone is enough, without scripts and on a very narrow screen', async () => {
  await service.arrive('keys');
  await visit(
    service.link('keys'),
    { viewport: { width: 320, height: 568 }, javaScriptEnabled: false },
    async (page) => {
      await page.keyboard.press('Tab');
      const outline = page.locator(':focus');
      expect(await outline.getAttribute('name')).toBe('on.email.newsletter');
      await page.keyboard.press('Space');
      // Enter in a form does what its first button says: saving.
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your preferences are saved' }).waitFor();
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/narrow-saved.png`, fullPage: true });
      expect(await page.getByText('You do not receive any of our newsletters').isVisible()).toBe(true);
    },
  );
  expect((await service.ledger('keys')).map(({ action }) => action)).toEqual(['granted', 'withdrawn']);
});

test('a link that was changed says so', async () => {
  const work = async (page: Page): Promise<void> => {
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await expectAccessible(page, 'invalid');
  };
  await visit(`${service.link('keys')}x`, PHONE, work, /status of 404/);
});
