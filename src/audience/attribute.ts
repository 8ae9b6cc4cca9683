import type { Contact } from '../contacts/index.ts';
import { RESERVED_TRAITS } from '../contacts/index.ts';
import { formatInstant } from '../shared/clock.ts';
import { pathReader } from './path.ts';

const RESERVED: ReadonlySet<string> = new Set(RESERVED_TRAITS);

/** Whether a path names a field of the contact of its own, `createdAt` included. */
export const isReserved = (path: string): boolean => RESERVED.has(path);

/**
 * A reserved field of the contact (`createdAt` as an RFC 3339 text), else an attribute by dotted path.
 * Undefined when there is none.
 */
export function attributeOf(contact: Contact, path: string): unknown {
  return attributeReader(path)(contact);
}

/** The same, with the path read once. */
export function attributeReader(path: string): (contact: Contact) => unknown {
  if (path === 'createdAt') return (contact) => formatInstant(contact.createdAt);
  if (RESERVED.has(path)) return (contact) => contact[path as keyof Contact];
  const read = pathReader(path);
  return (contact) => read(contact.attributes);
}
