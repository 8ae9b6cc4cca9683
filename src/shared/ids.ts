import { hash } from 'node:crypto';

/** Number of lanes every contact-scoped table is cut into; see docs/architecture.md, "Lanes". */
export const LANES = 64;

/** Lowercase UUID text. Every id of a contact's own rows begins with the contact's first byte, so any of them tells its lane. */
export type Id = string;

const CONTACT_NAMESPACE = Buffer.from('6ba7b8129dad11d180b400c04fd430c8', 'hex');

/** The first 16 bytes of a SHA-1, given in hex, as a UUID of this version (RFC 9562, 4.1 and 4.2). */
const uuidFrom = (hex: string, version: 5 | 8): Id => {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** One-shot hashing of one buffer: four times as fast as `createHash` with its updates, and ids are made for every event. */
const named = (name: string): Id => {
  const input = Buffer.allocUnsafe(CONTACT_NAMESPACE.length + Buffer.byteLength(name));
  CONTACT_NAMESPACE.copy(input);
  input.write(name, CONTACT_NAMESPACE.length);
  return uuidFrom(hash('sha1', input, 'hex'), 5);
};

/** The id of the contact a backend calls `userId`: a UUIDv5 (RFC 9562, 5.5), so that ingest looks nothing up. */
export function contactIdOf(userId: string): Id {
  return named(`user:${userId}`);
}

/** The id of a visitor known only by `anonymousId`; never equal to any user's. */
export function anonymousContactIdOf(anonymousId: string): Id {
  return named(`anonymous:${anonymousId}`);
}

/**
 * A deterministic id (UUIDv8) for a row that belongs to a contact: an event, an enrollment, a message.
 * Deterministic, so that work done again after a crash collides with itself instead of doubling (rule D2),
 * and equal in both worlds (rule D7).
 */
export function derivedId(contactId: Id, kind: string, ...parts: (string | number)[]): Id {
  const id = uuidFrom(hash('sha1', `${contactId}\n${kind}\n${parts.join('\n')}`, 'hex'), 8);
  return contactId.slice(0, 2) + id.slice(2);
}

/** The lane, 0 to 63, of a contact or of any row that belongs to it. */
export function laneOf(id: Id): number {
  return Number.parseInt(id.slice(0, 2), 16) % LANES;
}
