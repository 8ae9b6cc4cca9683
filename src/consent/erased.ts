/** By what an erased person is recognised: one of their addresses, or the id that is made of their user id. */
export interface Trace {
  kind: 'email' | 'phone' | 'contact';
  /** As it is stored. */
  value: string;
}

/** One spelling of each: an address with other capitals is the same mailbox. */
export function traceKey({ kind, value }: Trace): string {
  return `${kind}:${value.trim().toLowerCase()}`;
}
