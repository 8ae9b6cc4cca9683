import { addressKey } from '../shared/address.ts';

/** By what an erased person is recognised: one of their addresses, or the id that is made of their user id. */
export interface Trace {
  kind: 'email' | 'phone' | 'contact';
  /** As it is stored. */
  value: string;
}

/** One spelling of each (`addressKey`): what is delivered to one place is one address. */
export function traceKey({ kind, value }: Trace): string {
  return `${kind}:${kind === 'contact' ? value.trim().toLowerCase() : addressKey(value)}`;
}
