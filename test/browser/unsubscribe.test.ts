import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { signToken } from '../../src/consent/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from '../consent/programme.ts';
import { openBrowser } from '../support/browser.ts';

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

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
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

/** Opens a page as a person would; anything the browser complains about, or asks elsewhere for, fails the test. */
async function visit(
  link: string,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
  expected: RegExp = /^$/,
): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => expected.test(line.text()) || complaints.push(line.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url().startsWith(`${service.url}/`) || complaints.push(request.url()));
  try {
    await page.goto(link);
    await work(page);
    expect(complaints).toEqual([]);
    expect(await context.cookies()).toEqual([]);
  } finally {
    await context.close();
  }
}

/** WCAG 2.2 AA and what is good practice beyond; nothing to scroll to the side; everything to touch is large enough. */
async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations, incomplete } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  expect(
    [...violations, ...incomplete].map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  for (const button of await page.getByRole('button').all())
    expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
}

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
