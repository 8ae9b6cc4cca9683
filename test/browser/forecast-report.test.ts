import type { Browser } from 'playwright-core';
import { forecastPage } from '../../src/rehearsal/index.ts';
import { madeForecast } from '../rehearsal/forecast/made-forecast.ts';
import { openBrowser } from '../support/browser.ts';
import { expectAccessible } from './visitor.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser?.close());

describe("a forecast's report in a browser", () => {
  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'a screen reader finds its way, everything can be read, and nothing scrolls to the side (%s, %i wide)',
    async (colorScheme, width) => {
      // The page allows no script at all, not even that of the check.
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const tab = await context.newPage();
      await tab.setContent(forecastPage(madeForecast(['policy.yaml', 'stricter.yaml'])).text);
      await tab.getByText('Every number, as a table').first().click();
      expect(await tab.getByRole('rowheader', { name: 'Mon 2 Mar' }).first().isVisible()).toBe(true);
      expect(
        await tab
          .getByRole('img', { name: /^Messages sent by day: most on/ })
          .first()
          .isVisible(),
      ).toBe(true);
      await expectAccessible(tab, `forecast-${colorScheme}`, [], ['svg text']);
      await context.close();
    },
    60_000,
  );
});
