import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** For how long the link to one's own data works. */
export const LINK_LIVES = 3 * 86_400_000;

const USE = 'rights';

/**
 * A signed token that names a contact until an instant, safe in a URL: HMAC-SHA-256 (RFC 2104) under the service's secret.
 * Made for this use alone: no other link's token is one.
 */
export function signRightsToken(contactId: Id, until: Instant, secret: string): string {
  const payload = Buffer.from(JSON.stringify([contactId, until])).toString('base64url');
  return `${payload}.${signature(payload, secret).toString('base64url')}`;
}

/** Whose link it is, and whether its time is over; null when it was not made here, or was changed. */
export function readRightsToken(
  text: string,
  secret: string,
  now: Instant,
): { contactId: Id; expired: boolean } | null {
  const [payload, given, ...rest] = text.split('.');
  if (payload === undefined || given === undefined || rest.length > 0) return null;
  const expected = signature(payload, secret);
  const actual = Buffer.from(given, 'base64url');
  // The text must be the very one that was made: base64url has several spellings of the same bytes.
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected) || actual.toString('base64url') !== given)
    return null;
  const [contactId, until] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [Id, Instant];
  return { contactId, expired: now >= until };
}

function signature(payload: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${USE}\n${payload}`).digest();
}
