import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESKTOP = { viewport: { width: 1280, height: 800 } };
/** Where pictures of the pages go, for whoever wants to look at them: `SHOTS=/tmp/shots npx jest browser/preferences`. */
export const SHOTS = process.env['SHOTS'];

export type Visit = (
  link: string,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
  expected?: RegExp,
) => Promise<void>;

/**
 * Opens a page as a person would; anything the browser complains about, but for what is `expected`, or asks elsewhere than
 * the service for, fails the test. `place` is asked at each visit: a test opens both before it.
 */
export function visitor(place: () => { browser: Browser; url: string }): Visit {
  return async (link, options, work, expected = /^$/) => {
    const { browser, url } = place();
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (line) => expected.test(line.text()) || complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => request.url().startsWith(`${url}/`) || complaints.push(request.url()));
    try {
      await page.goto(link);
      await work(page);
      expect(complaints).toEqual([]);
      expect(await context.cookies()).toEqual([]);
    } finally {
      await context.close();
    }
  };
}

/**
 * WCAG 2.2 AA and what is good practice beyond; nothing to scroll to the side; everything to touch is large enough.
 * `exclude` names parts of which axe cannot tell what colours lie behind their text.
 */
export async function expectAccessible(
  page: Page,
  shot = String(Date.now()),
  targets: readonly Locator[] = [page.getByRole('button')],
  exclude: readonly string[] = [],
): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${shot}.png`, fullPage: true });
  await page.evaluate(axe.source);
  const { violations, incomplete } = await page.evaluate(
    (parts) => (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: parts }),
    exclude.map((part) => [part]),
  );
  expect(
    [...violations, ...incomplete].map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  for (const target of targets)
    for (const one of await target.all()) expect((await one.boundingBox())!.height).toBeGreaterThanOrEqual(44);
}
