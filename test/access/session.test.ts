import {
  csrfTokenOf,
  IDLE_MS,
  isCsrfToken,
  isLive,
  LONGEST_MS,
  newToken,
  sessionCookie,
  tokenIn,
} from '../../src/access/session.ts';

test('a session ends when it was not used for long, and in any case after its longest time', () => {
  const fresh = { createdAt: 0, seenAt: 0 };
  expect(isLive(fresh, IDLE_MS - 1)).toBe(true);
  expect(isLive(fresh, IDLE_MS)).toBe(false);
  expect(isLive({ createdAt: 0, seenAt: LONGEST_MS - 1 }, LONGEST_MS - 1)).toBe(true);
  expect(isLive({ createdAt: 0, seenAt: LONGEST_MS - 1 }, LONGEST_MS)).toBe(false);
});

test('its cookie is out of reach of scripts and other sites, and is the secure one over https', () => {
  expect(sessionCookie('abc', 'http://127.0.0.1:3000')).toBe(
    `relance_session=abc; Max-Age=${LONGEST_MS / 1000}; Path=/; HttpOnly; SameSite=Lax`,
  );
  const secure = sessionCookie('abc', 'https://relance.example.com');
  expect(secure).toMatch(/^__Host-relance_session=abc; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  expect(sessionCookie(null, 'http://127.0.0.1:3000')).toContain('Max-Age=0');
});

test('its token is read from the cookie of its own name', () => {
  expect(tokenIn('a=1; relance_session=abc', 'http://x')).toBe('abc');
  expect(tokenIn('relance_session=abc', 'https://x')).toBeNull();
  expect(tokenIn('__Host-relance_session=abc', 'https://x')).toBe('abc');
  expect(tokenIn('relance_session=', 'http://x')).toBeNull();
  expect(tokenIn(undefined, 'http://x')).toBeNull();
});

test('the token of its pages is its own, and tells nothing of it', () => {
  const [one, other] = [newToken(), newToken()];
  expect(isCsrfToken(csrfTokenOf(one), one)).toBe(true);
  expect(isCsrfToken(csrfTokenOf(other), one)).toBe(false);
  for (const shown of [one, '', undefined, [csrfTokenOf(one)]]) expect(isCsrfToken(shown, one)).toBe(false);
});
