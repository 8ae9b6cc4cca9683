import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumAdvice, findChromium } from '../../src/cli/chromium.mjs';

/** A headless browser. Throws with what to install when there is none: a browser test is never skipped in silence. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(chromiumAdvice());
  return chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-background-networking'] });
}
