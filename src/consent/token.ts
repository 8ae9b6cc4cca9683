import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Id } from '../shared/ids.ts';

/** What a person's link stands for: one contact, and the message's channel, purpose and brand. It has no expiry (rule C5). */
export interface LinkToken {
  contactId: Id;
  channel: string;
  purpose: string;
  messageId: Id;
  /** Absent where the policy knows no brands. */
  brand?: string;
  /** Of a link that confirms: which address the message went to (`addressMark`). */
  addressMark?: string;
  /** Of a link that confirms: what else it asks about. */
  also?: readonly string[];
}

/** What a token is for; one made for one use is worthless for another. */
export type TokenUse = 'unsubscribe' | 'preferences' | 'webview' | 'confirm';

/** A signed token, safe in a URL: `payload.signature`, HMAC-SHA-256 (RFC 2104) under the service's secret. */
export function signToken(token: LinkToken, use: TokenUse, secret: string): string {
  const payload = Buffer.from(
    JSON.stringify([
      token.contactId,
      token.channel,
      token.purpose,
      token.messageId,
      ...(token.addressMark === undefined
        ? token.brand === undefined
          ? []
          : [token.brand]
        : [token.brand ?? '', token.addressMark, ...(token.also ?? [])]),
    ]),
  ).toString('base64url');
  return `${payload}.${signature(payload, use, secret).toString('base64url')}`;
}

/** What a token says, or null when it was not made by this service for this use, or was changed. */
export function readToken(text: string, use: TokenUse, secret: string): LinkToken | null {
  const [payload, given, ...rest] = text.split('.');
  if (payload === undefined || given === undefined || rest.length > 0) return null;
  const expected = signature(payload, use, secret);
  const actual = Buffer.from(given, 'base64url');
  // The text must be the very one that was made: base64url has several spellings of the same bytes.
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected) || actual.toString('base64url') !== given)
    return null;
  const [contactId, channel, purpose, messageId, brand = '', addressMark, ...also] = JSON.parse(
    Buffer.from(payload, 'base64url').toString('utf8'),
  ) as string[];
  return {
    contactId: contactId!,
    channel: channel!,
    purpose: purpose!,
    messageId: messageId!,
    ...(brand !== '' && { brand }),
    ...(addressMark !== undefined && { addressMark }),
    ...(also.length > 0 && { also }),
  };
}

function signature(payload: string, use: TokenUse, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${use}\n${payload}`).digest();
}
