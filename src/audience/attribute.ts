import type { Contact } from '../contacts/index.ts';
import { RESERVED_TRAITS } from '../contacts/index.ts';
import { formatInstant } from '../shared/clock.ts';

const RESERVED: ReadonlySet<string> = new Set(RESERVED_TRAITS);

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

/** Reads a dotted path of own properties; list items by their number. Undefined when there is nothing. */
export function pathReader(path: string): (values: Record<string, unknown>) => unknown {
  const [first, ...rest] = path.split('.') as [string, ...string[]];
  if (rest.length === 0) return (values) => (Object.hasOwn(values, first) ? values[first] : undefined);
  return (values) => {
    let value: unknown = values;
    for (const part of [first, ...rest]) value = member(value, part);
    return value;
  };
}

function member(value: unknown, part: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  return Object.hasOwn(value, part) ? (value as Record<string, unknown>)[part] : undefined;
}
