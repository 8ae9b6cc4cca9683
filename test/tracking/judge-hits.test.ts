import { machineRequest } from '../../src/tracking/classify-request.ts';
import { judgeHits, type Hit } from '../../src/tracking/judge-hits.ts';

const SENT = Date.parse('2026-03-02T09:00:00Z');
/** `click a 3600` is a click of link a, so many seconds after the hand-over; `!` for what gave itself away. */
function hits(...written: string[]): Hit[] {
  return written.map((line, index) => {
    const [kind, url, seconds, reason] = line.split(' ') as [Hit['kind'], string, string, string?];
    return { id: String(index), kind, url, at: SENT + Number(seconds) * 1000, reason: reason ?? null };
  });
}
const judged = (...written: string[]): (string | null)[] => [...judgeHits(hits(...written), SENT).values()];

describe('people and machines', () => {
  test.each<[string, string[], (string | null)[]]>([
    ['one click an hour later is a person’s', ['click a 3600'], [null]],
    ['a click within seconds of the hand-over is a machine’s', ['click a 2'], ['too-soon']],
    ['so is one before it was recorded', ['click a -1'], ['too-soon']],
    ['a click soon enough for a quick reader is a person’s', ['click a 4'], [null]],
    [
      'the same link three times is an impatient person',
      ['click a 60', 'click a 60.3', 'click a 60.6'],
      [null, null, null],
    ],
    [
      'the same link six times within two seconds is a machine’s, however few links the mail has',
      ['click a 60', 'click a 60.1', 'click a 60.2', 'click a 60.3', 'click b 60.4', 'click a 61.9', 'click a 70'],
      ['burst', 'burst', 'burst', 'burst', 'burst', 'burst', null],
    ],
    ['two links at once are a person with two tabs', ['click a 60', 'click b 60.5'], [null, null]],
    [
      'three different links within two seconds are a machine’s, the first too',
      ['click a 60', 'click b 61', 'click c 62'],
      ['burst', 'burst', 'burst'],
    ],
    ['three links in a slower order are a person’s', ['click a 60', 'click b 61.5', 'click c 63'], [null, null, null]],
    [
      'a person a day after the machine is a person',
      ['click a 60', 'click b 60', 'click c 60', 'click a 90000'],
      ['burst', 'burst', 'burst', null],
    ],
    [
      'whoever follows the trap is a machine, with what it followed just before and after',
      ['click a 60', 'trap t 62', 'click b 100', 'click c 200'],
      ['trap', 'trap', 'trap', null],
    ],
    ['what gave itself away stays what it was', ['click a 3600 prefetch', 'click a 3601'], ['prefetch', null]],
    ['an opening by a person', ['open - 3600'], [null]],
    ['an opening within seconds of the hand-over is the mailbox fetching pictures', ['open - 1'], ['too-soon']],
    ['an opening around the trap is the machine’s', ['open - 60', 'trap t 61'], ['trap', 'trap']],
  ])('%s', (_what, written, expected) => {
    expect(judged(...written)).toEqual(expected);
    // The order in which they were read changes nothing.
    expect([...judgeHits(hits(...written).toReversed(), SENT).values()].toReversed()).toEqual(expected);
  });

  test('without knowing when it was handed over, time says nothing', () => {
    expect([...judgeHits(hits('click a 0'), null).values()]).toEqual([null]);
    expect([...judgeHits(hits('click a 0'), Number.POSITIVE_INFINITY).values()]).toEqual(['too-soon']);
  });
});

test('a storm of thousands of requests is judged at once', () => {
  const storm = Array.from({ length: 20_000 }, (_, index) => `click ${index % 7} ${60 + index / 10_000}`);
  const reasons = judged(...storm);
  expect(new Set(reasons)).toEqual(new Set(['burst']));
});

const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

describe('what a request says of who made it', () => {
  test.each<[string, string, Record<string, string>, string | null]>([
    ['a phone', 'GET', { 'user-agent': SAFARI }, null],
    ['a browser', 'GET', { 'user-agent': CHROME, 'sec-purpose': '' }, null],
    ['a look at the head', 'HEAD', { 'user-agent': CHROME }, 'head'],
    ['Chromium fetching ahead', 'GET', { 'user-agent': CHROME, 'sec-purpose': 'prefetch;prerender' }, 'prefetch'],
    ['an older Chromium fetching ahead', 'GET', { 'user-agent': CHROME, purpose: 'prefetch' }, 'prefetch'],
    ['Safari’s preview', 'GET', { 'user-agent': SAFARI, 'x-purpose': 'preview' }, 'prefetch'],
    ['Firefox fetching ahead', 'GET', { 'user-agent': CHROME, 'x-moz': 'prefetch' }, 'prefetch'],
    ['nobody', 'GET', {}, 'no-user-agent'],
    [
      'a crawler',
      'GET',
      { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
      'bot',
    ],
    ['a script', 'GET', { 'user-agent': 'python-requests/2.32.3' }, 'bot'],
    ['a gateway', 'GET', { 'user-agent': 'Mozilla/5.0 BarracudaCentral' }, 'mail-scanner'],
    [
      'Gmail’s proxy',
      'GET',
      { 'user-agent': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' },
      'mail-scanner',
    ],
    ['Apple’s Mail Privacy Protection', 'GET', { 'user-agent': 'Mozilla/5.0' }, 'mail-scanner'],
  ])('%s', (_who, method, headers, expected) => {
    expect(machineRequest({ method, headers })).toBe(expected);
  });
});
