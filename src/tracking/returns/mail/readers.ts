import { readReturnAddress, readReturnToken, type ReturnSettings } from '../../../channels/index.ts';
import { readToken } from '../../../consent/index.ts';
import type { Readers } from './inbound-mail.ts';

/** Reads what this installation signed. `returns` is null where it has no addresses for what comes back. */
export function mailReaders(secret: string, returns: ReturnSettings | null): Readers {
  return {
    address: (address) => (returns === null ? null : readReturnAddress(address, returns)),
    proof: (text) => readReturnToken(text, secret),
    link: (token) => readToken(token, 'unsubscribe', secret),
  };
}
