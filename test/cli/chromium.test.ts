import { chromiumAdvice, findChromium, includesBrowserTests } from '../../src/cli/chromium.mjs';

const only =
  (...places: string[]) =>
  (file: string): boolean =>
    places.includes(file);

describe('the browser of the browser tests', () => {
  test.each<[string, Record<string, string>, string, string[], string | undefined]>([
    ['Debian', {}, 'linux', ['/usr/bin/chromium'], '/usr/bin/chromium'],
    ['another Linux', {}, 'linux', ['/usr/bin/google-chrome'], '/usr/bin/google-chrome'],
    ['CHROMIUM_PATH', { CHROMIUM_PATH: '/opt/c' }, 'linux', ['/opt/c', '/usr/bin/chromium'], '/opt/c'],
    [
      'a wrong CHROMIUM_PATH is not passed over',
      { CHROMIUM_PATH: '/opt/c' },
      'linux',
      ['/usr/bin/chromium'],
      undefined,
    ],
    [
      'Windows',
      { PROGRAMFILES: 'C:\\Program Files' },
      'win32',
      ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    ['none', {}, 'linux', [], undefined],
  ])('%s', (_name, env, platform, there, expected) => {
    expect(findChromium(env, platform, only(...there))).toBe(expected);
  });

  test('the advice says what to do', () => {
    expect(chromiumAdvice({}, 'linux')).toMatch(/apt-get install chromium.*CHROMIUM_PATH/);
    expect(chromiumAdvice({ CHROMIUM_PATH: '/opt/c' }, 'linux')).toContain('/opt/c');
  });

  test.each<[string[], boolean]>([
    [[], true],
    [['--verbose'], true],
    [['test'], true],
    [['test/'], true],
    [['test/browser'], true],
    [['test/gate', 'test/browser/outbox.test.ts'], true],
    [['test/gate'], false],
    [['test/gate', '-t', 'P1'], false],
    [['-t', 'P1'], true],
  ])('a run with %j includes browser tests: %s', (args, expected) => {
    expect(includesBrowserTests(args)).toBe(expected);
  });
});
