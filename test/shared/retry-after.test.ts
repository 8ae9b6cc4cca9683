import { retryAfter } from '../../src/shared/retry-after.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');

test.each([
  [null, undefined],
  ['120', 120_000],
  [' 0 ', 0],
  ['Mon, 02 Mar 2026 09:01:00 GMT', 60_000],
  ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
  ['soon', undefined],
])('a Retry-After of %j is a wait of %j ms (RFC 9110, 10.2.3)', (header, wait) => {
  expect(retryAfter(header, NOW)).toBe(wait);
});
