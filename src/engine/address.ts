import { hash } from 'node:crypto';
import type { Contact } from '../contacts/index.ts';
import { addressKey } from '../shared/address.ts';
import type { Channel } from '../shared/channel.ts';
import type { Id } from '../shared/ids.ts';

/** Where messages of one channel reach somebody. */
export interface Address {
  /** A hash of channel and address: tells the lane of its row, as other ids do. */
  id: Id;
  channel: Channel;
  /** As it is compared (`addressKey`). */
  text: string;
}

/** The addresses of a contact. */
export function addressesOf({ email, phone }: Pick<Contact, 'email' | 'phone'>): Address[] {
  const addresses: Address[] = [];
  if (email !== null && email !== '') addresses.push(address('email', email));
  if (phone !== null && phone !== '') addresses.push(address('sms', phone));
  return addresses;
}

/** The first 16 bytes of a SHA-256, so that PostgreSQL computes it too (migration 0017). */
function address(channel: Channel, written: string): Address {
  const text = addressKey(written);
  const hex = hash('sha256', `${channel}\n${text}`, 'hex');
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return { id, channel, text };
}
