import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Instant } from '../shared/clock.ts';

/** Without a request for this long, a session ends. Milliseconds. */
export const IDLE_MS = 8 * 3_600_000;
/** However much it is used, a session ends after this. Milliseconds. */
export const LONGEST_MS = 7 * 24 * 3_600_000;
/** A request within this after the last that was written down writes nothing. Milliseconds. */
export const SEEN_EVERY_MS = 60_000;

/** Whether a session that began and was last used then is still one. */
export const isLive = (session: { createdAt: Instant; seenAt: Instant }, now: Instant): boolean =>
  now < session.seenAt + IDLE_MS && now < session.createdAt + LONGEST_MS;

/** 256 bits: what a browser shows; the database keeps its hash. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What a page of a session shows with every change: made of the token, so that it need not be kept, and tells nothing of it. */
export const csrfTokenOf = (token: string): string => createHmac('sha256', token).update('csrf').digest('base64url');

/** Whether what a page showed is the token of its session. */
export function isCsrfToken(shown: unknown, token: string): boolean {
  if (typeof shown !== 'string') return false;
  const [given, right] = [Buffer.from(shown), Buffer.from(csrfTokenOf(token))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** With https the browser itself holds the cookie to this host, whole and secure (RFC 6265bis, 4.1.3.2). */
const nameOf = (publicUrl: string): string => (isSecure(publicUrl) ? '__Host-relance_session' : 'relance_session');
const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** The session's token in a `Cookie` header; null when there is none. */
export const tokenIn = (header: string | undefined, publicUrl: string): string | null =>
  parseCookie(header ?? '')[nameOf(publicUrl)] || null;

/** `Set-Cookie` that begins a session, or ends it with null. No script reads it, and no form of another site sends it. */
export const sessionCookie = (token: string | null, publicUrl: string): string =>
  stringifySetCookie({
    name: nameOf(publicUrl),
    value: token ?? '',
    path: '/',
    httpOnly: true,
    secure: isSecure(publicUrl),
    sameSite: 'lax',
    maxAge: token === null ? 0 : LONGEST_MS / 1000,
  });
