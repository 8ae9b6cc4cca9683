import { createHmac, timingSafeEqual } from 'node:crypto';
import { addressKey } from '../shared/address.ts';
import type { Id } from '../shared/ids.ts';

/**
 * Addresses for what comes back (VERP): each mail's envelope sender names the mail, so that a bounce is known by where it
 * arrives and not by what a foreign server wrote into it. `bounce+<token>@domain`; the token is signed and opaque.
 */
export interface ReturnSettings {
  /** BOUNCE_DOMAIN. */
  domain: string;
  secret: string;
}

/** What a return address says. */
export interface ReturnToken {
  /** Null: the installation's own address for feedback loops, which names no message. */
  messageId: Id | null;
  /** Which address the mail went to (`addressMark`); empty without a message. */
  mark: string;
}

const PREFIX = 'bounce+';
/** With it the local part has 64 octets, the most there may be. */
const UNSUBSCRIBE_PREFIX = 'unsubscribe+';
const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';
const ID_BYTES = 16;
const MARK_BYTES = 4;
/** 96 bits: with prefix and base 32 the local part has 59 octets at most, of the 64 that RFC 5321, 4.5.3.1.1 allows. */
const SIGNATURE_BYTES = 12;
const TOKEN_BYTES = ID_BYTES + MARK_BYTES + SIGNATURE_BYTES;

/** RFC 4648, 6, in lower case: some servers change the case of a local part. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Tells addresses apart without keeping them: 8 hex digits, different in every installation. */
export function addressMark(address: string, secret: string): string {
  return createHmac('sha256', secret)
    .update(`address\n${addressKey(address)}`)
    .digest('hex')
    .slice(0, MARK_BYTES * 2);
}

/** The envelope sender of one mail. */
export function returnAddress(messageId: Id, to: string, { domain, secret }: ReturnSettings): string {
  return addressOf(messageId, addressMark(to, secret), domain, secret);
}

/** Where feedback loops are told to send complaints. Nobody can guess it; whoever knows it is believed. */
export function feedbackAddress({ domain, secret }: ReturnSettings): string {
  return addressOf(NO_MESSAGE, '0'.repeat(MARK_BYTES * 2), domain, secret);
}

/** The address of a `mailto:` in List-Unsubscribe: whoever writes to it unsubscribes from what the message was sent for. */
export function unsubscribeAddress(messageId: Id, to: string, { domain, secret }: ReturnSettings): string {
  return `${UNSUBSCRIBE_PREFIX}${tokenOf(messageId, addressMark(to, secret), secret, 'unsubscribe')}@${domain}`;
}

/** Goes with a mail whose envelope sender is of nobody but its sender: whoever sends the mail back sends it too. */
export const RETURN_HEADER = 'X-Relance-Return';

/** What stands there. */
export function returnToken(messageId: Id, to: string, secret: string): string {
  return tokenOf(messageId, addressMark(to, secret), secret, 'return');
}

/** What an address stands for; null when it was not made here. */
export function readReturnAddress(address: string, settings: ReturnSettings): ReturnToken | null {
  return readAddress(address, PREFIX, 'return', settings);
}

/** The same of the address of a `mailto:`. */
export function readUnsubscribeAddress(address: string, settings: ReturnSettings): ReturnToken | null {
  return readAddress(address, UNSUBSCRIBE_PREFIX, 'unsubscribe', settings);
}

/** The same of what stands in `RETURN_HEADER`. */
export function readReturnToken(text: string, secret: string): ReturnToken | null {
  return readToken(text.trim().toLowerCase(), secret, 'return');
}

function readAddress(
  address: string,
  prefix: string,
  use: Use,
  { domain, secret }: ReturnSettings,
): ReturnToken | null {
  const text = address.trim().toLowerCase();
  const at = text.lastIndexOf('@');
  if (!text.startsWith(prefix) || text.slice(at + 1) !== domain.toLowerCase()) return null;
  return readToken(text.slice(prefix.length, at), secret, use);
}

function readToken(text: string, secret: string, use: Use): ReturnToken | null {
  const token = fromBase32(text);
  if (token?.length !== TOKEN_BYTES) return null;
  const payload = token.subarray(0, ID_BYTES + MARK_BYTES);
  if (!timingSafeEqual(signature(payload, secret, use), token.subarray(ID_BYTES + MARK_BYTES))) return null;
  const hex = payload.toString('hex');
  const id = hex.slice(0, ID_BYTES * 2).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return id === NO_MESSAGE ? { messageId: null, mark: '' } : { messageId: id, mark: hex.slice(ID_BYTES * 2) };
}

function addressOf(id: Id, mark: string, domain: string, secret: string): string {
  return `${PREFIX}${tokenOf(id, mark, secret, 'return')}@${domain}`;
}

/** What a token is for: one made for one use is worthless for another. */
type Use = 'return' | 'unsubscribe';

function tokenOf(id: Id, mark: string, secret: string, use: Use): string {
  const payload = Buffer.from(`${id.replaceAll('-', '')}${mark}`, 'hex');
  return toBase32(Buffer.concat([payload, signature(payload, secret, use)]));
}

function signature(payload: Buffer, secret: string, use: Use): Buffer {
  return createHmac('sha256', secret).update(`${use}\n`).update(payload).digest().subarray(0, SIGNATURE_BYTES);
}

function toBase32(bytes: Buffer): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31]!;
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31]!;
}

/** Null when there is another character, or when the last one says more than the bytes need: one token, one text. */
function fromBase32(text: string): Buffer | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >>> bits);
    held &= (1 << bits) - 1;
  }
  return held === 0 && bits < 5 ? Buffer.from(bytes) : null;
}
