import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { signToken } from '../../src/consent/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from '../consent/programme.ts';
import { openBrowser } from '../support/browser.ts';
import { DESKTOP, expectAccessible, PHONE, visitor } from './visitor.ts';

let service: ConsentTestService;
let browser: Browser;

beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine']);
  browser = await openBrowser();
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const LOOKS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' }],
  ['desktop', DESKTOP],
  ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' }],
];

function linkOf(userId: string, purpose = 'newsletter'): string {
  const contactId = contactIdOf(userId);
  const messageId = derivedId(contactId, 'message', 1);
  return `${service.url}/u/${signToken({ contactId, channel: 'email', purpose, messageId }, 'unsubscribe', service.config.secret)}`;
}

const visit = visitor(() => ({ browser, url: service.url }));

describe.each(LOOKS)('C5: %s', (look, options) => {
  test('the page asks, its button unsubscribes, and the page then tells so and how to get back', async () => {
    await visit(linkOf(`en ${look}`), options, async (page) => {
      expect(await page.title()).toBe("Unsubscribe from “Letters & <news>”? · Maison d'Été & fils");
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Unsubscribe from “Letters & <news>”?');
      await expectAccessible(page);
      expect(await service.ledger(`en ${look}`)).toEqual([]);

      await page.getByRole('button', { name: 'Unsubscribe' }).click();
      await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
      expect(await page.getByText('Changed your mind?').isVisible()).toBe(true);
      await expectAccessible(page);
      expect(await service.ledger(`en ${look}`)).toMatchObject([
        { action: 'withdrawn', source: { kind: 'unsubscribe-page' } },
      ]);

      await page.goto(linkOf(`en ${look}`));
      await page.getByRole('heading', { name: 'You are already unsubscribed' }).waitFor();
      await expectAccessible(page);
    });
  });

  test('it speaks French to a French browser', async () => {
    await visit(linkOf(`fr ${look}`), { ...options, locale: 'fr-FR' }, async (page) => {
      expect(await page.locator('html').getAttribute('lang')).toBe('fr');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Me désinscrire' }).click();
      await page.getByRole('heading', { name: 'Votre désinscription est faite' }).waitFor();
      await expectAccessible(page);
    });
  });

  test('a link that was changed says so', async () => {
    const work = async (page: Page): Promise<void> => {
      await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
      await expectAccessible(page);
    };
    await visit(`${linkOf('ada')}x`, options, work, /status of 404/);
  });
});

test('C5: the keyboard alone is enough: Tab to the button, Enter', async () => {
  await visit(linkOf('keys'), DESKTOP, async (page) => {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await focused.textContent()).toBe('Unsubscribe');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
  });
  expect(await service.ledger('keys')).toHaveLength(1);
});

test('C5: it works without scripts, on a very narrow screen, and with a purpose of one endless word', async () => {
  const endless = 'x'.repeat(300);
  await visit(
    linkOf('narrow', endless),
    { viewport: { width: 320, height: 568 }, javaScriptEnabled: false },
    async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
    },
  );
});

test('C5: reloading the page of thanks, or going back and pressing again, leaves one entry', async () => {
  await visit(linkOf('again'), DESKTOP, async (page) => {
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'You are already unsubscribed' }).waitFor();
  });
  expect(await service.ledger('again')).toHaveLength(1);
});
