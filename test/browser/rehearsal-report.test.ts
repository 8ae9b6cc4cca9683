import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { rehearsalPage, rehearseRequest } from '../../src/rehearsal/index.ts';
import { ADA, PLACES, writeFolder } from '../rehearsal/people.ts';
import { openBrowser } from '../support/browser.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Axe {
  run(what: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

let folder: string;
let browser: Browser;
let page: string;

beforeAll(async () => {
  folder = await writeFolder({
    'ada.yaml': ADA(`timeline:
  - { at: 2026-03-05T08:00:00+01:00, consent: { channel: email, purpose: newsletter, action: withdrawn } }
`),
  });
  const request = { scenario: 'newsletter-welcome', contact: path.join(folder, 'ada.yaml'), from: '2026-03-02T09:00' };
  page = rehearsalPage(await rehearseRequest(request, PLACES, null, 0)).text;
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

describe("a rehearsal's report in a browser", () => {
  test.each(['light', 'dark'] as const)(
    'a screen reader finds its way, and everything can be read (%s)',
    async (colorScheme) => {
      // The page allows no script at all, not even that of the check.
      const context = await browser.newContext({
        viewport: { width: 1300, height: 900 },
        colorScheme,
        bypassCSP: true,
      });
      const tab = await context.newPage();
      await tab.setContent(page);
      await tab.addScriptTag({ path: AXE });
      const violations = await tab.evaluate(async () => {
        const found = await (globalThis as unknown as { axe: Axe }).axe.run({ exclude: [['iframe']] });
        return found.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' | ')}`,
        );
      });
      expect(violations).toEqual([]);
      await context.close();
    },
    60_000,
  );

  test.each([1300, 375])(
    'fits a screen %i wide, shows the mail in its frame, and leads from the picture to the timeline',
    async (width) => {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      const tab = await context.newPage();
      const complaints: string[] = [];
      tab.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
      await tab.setContent(page);
      expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const mail = tab.frameLocator('iframe').first();
      await tab.locator('iframe').first().scrollIntoViewIfNeeded();
      expect(await mail.getByText('Welcome, Ada.').first().isVisible()).toBe(true);
      await tab.getByRole('link', { name: /^remind: send email/ }).click();
      expect(await tab.locator('li:target').innerText()).toContain('first-order → remind');
      expect(complaints).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
