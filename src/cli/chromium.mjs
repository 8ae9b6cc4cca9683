// Where the browser of the browser tests is.
import { existsSync } from 'node:fs';
import path from 'node:path';

const PLACES = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'],
};

/**
 * The path of a Chromium: CHROMIUM_PATH, or where systems install one; undefined when there is none.
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [platform]
 * @param {(file: string) => boolean} [exists]
 */
export function findChromium(env = process.env, platform = process.platform, exists = existsSync) {
  if (env.CHROMIUM_PATH) return exists(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  const places = PLACES[platform] ?? PLACES.linux;
  if (platform !== 'win32') return places.find((place) => exists(place));
  const bases = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean);
  return bases.flatMap((base) => places.map((place) => path.win32.join(base, place))).find((place) => exists(place));
}

/** What to do when there is none. */
export function chromiumAdvice(env = process.env, platform = process.platform) {
  if (env.CHROMIUM_PATH) return `CHROMIUM_PATH is ${env.CHROMIUM_PATH}, and no such file exists`;
  const how =
    platform === 'linux' ? "apt-get install chromium (or your system's package)" : 'install Chrome or Chromium';
  return `the browser tests need Chromium: ${how}, or set CHROMIUM_PATH to one`;
}

/** Whether a test run with these arguments comes to the browser tests: it does unless paths name others only. */
export function includesBrowserTests(args) {
  const paths = args.filter((arg) => !arg.startsWith('-') && /[\\/]|\.tsx?$/.test(arg));
  return paths.length === 0 || paths.some((arg) => /browser|^\.?[\\/]?test[\\/]?$/.test(arg));
}
