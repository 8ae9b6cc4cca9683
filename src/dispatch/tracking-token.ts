import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Id } from '../shared/ids.ts';

/** What a link or pixel of one message stands for. It has no expiry: a mail is opened years later too. */
export interface TrackingToken {
  contactId: Id;
  messageId: Id;
  /** `YYYY-MM-01` in which the message was planned: where its row is. */
  month: string;
  /** Where a click leads; empty for a pixel. It is signed with the rest, so nobody can change it (rule S3). */
  url: string;
}

/** `trap` is the link that no person can see. A token made for one use is worthless for another. */
export type TrackingUse = 'click' | 'trap' | 'open';

/** 128 bits of HMAC-SHA-256 are as good as all (RFC 2104, 5), and a mail holds many of these. */
const SIGNATURE_BYTES = 16;
const URL_AT = 34;

/**
 * A signed token, safe in a URL: `payload.signature`, both base64url. The payload is the two ids and the month in 34
 * bytes, then the address: a third shorter than as JSON.
 */
export function signTracking(token: TrackingToken, use: TrackingUse, secret: string): string {
  const [year, month] = token.month.split('-').map(Number) as [number, number];
  const payload = Buffer.alloc(URL_AT + Buffer.byteLength(token.url));
  payload.write(token.contactId.replaceAll('-', ''), 0, 'hex');
  payload.write(token.messageId.replaceAll('-', ''), 16, 'hex');
  payload.writeUInt16BE(year * 12 + month - 1, 32);
  payload.write(token.url, URL_AT);
  return `${payload.toString('base64url')}.${signature(payload, use, secret).toString('base64url')}`;
}

/** What a token says, or null when it was not made by this service for this use, or was changed. */
export function readTracking(text: string, use: TrackingUse, secret: string): TrackingToken | null {
  const [payload, given] = text.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (payload === undefined || given === undefined || payload.length < URL_AT) return null;
  // The text must be the very one that was made: base64url has several spellings of the same bytes.
  if (given.length !== SIGNATURE_BYTES || `${payload.toString('base64url')}.${given.toString('base64url')}` !== text)
    return null;
  if (!timingSafeEqual(given, signature(payload, use, secret))) return null;
  const months = payload.readUInt16BE(32);
  return {
    contactId: idAt(payload, 0),
    messageId: idAt(payload, 16),
    month: `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`,
    url: payload.toString('utf8', URL_AT),
  };
}

function idAt(payload: Buffer, at: number): Id {
  const hex = payload.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function signature(payload: Buffer, use: TrackingUse, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${use}\n`).update(payload).digest().subarray(0, SIGNATURE_BYTES);
}
