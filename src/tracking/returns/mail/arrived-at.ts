import { readReturnAddress, readUnsubscribeAddress, type ReturnSettings } from '../../../channels/index.ts';
import type { ArrivedAt } from './inbound-mail.ts';

/** Where a mail was delivered to, the surest first. */
const FIELDS = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'to', 'cc'];
/** Enough for any; more is somebody's attack. */
const LONGEST = 4_000;

export const NOWHERE: ArrivedAt = { returned: null, unsubscribe: null };

/** What the addresses of an envelope say. */
export function arrivedAtAddresses(addresses: readonly string[], settings: ReturnSettings | null): ArrivedAt {
  if (settings === null) return NOWHERE;
  const first = <T>(read: (address: string) => T | null): T | null =>
    addresses.reduce<T | null>((found, address) => found ?? read(address), null);
  return {
    returned: first((address) => readReturnAddress(address, settings)),
    unsubscribe: first((address) => readUnsubscribeAddress(address, settings)),
  };
}

/** The same of a mail in a mailbox, by its headers: an address of ours is signed, whoever wrote it there. */
export function arrivedAt(headers: ReadonlyMap<string, string>, settings: ReturnSettings | null): ArrivedAt {
  const written = FIELDS.flatMap(
    (name) => (headers.get(name) ?? '').slice(0, LONGEST).match(/[^\s<>@",;:]+@[^\s<>@",;:]+/g) ?? [],
  );
  return arrivedAtAddresses(written, settings);
}
