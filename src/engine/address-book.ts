import type { Suppression } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import { addressKey } from '../shared/address.ts';

/** A suppression of one address. */
export type AddressSuppression = Suppression & { address: string };

/** What stands against addresses in the virtual world, whoever has them: the table `suppressed_address` there (rule C6). */
export class AddressBook {
  private readonly entries = new Map<string, AddressSuppression[]>();

  /** True when it is news. */
  suppress(entry: AddressSuppression): boolean {
    const key = keyOf(entry.channel, entry.address);
    const known = this.entries.get(key) ?? [];
    if (known.some(({ sender, reason }) => sender === entry.sender && reason === entry.reason)) return false;
    this.entries.set(key, [...known, entry]);
    return true;
  }

  /** Takes a suppression by a sender back; true when there was one. */
  lift(channel: string, address: string, sender: string, reason: Suppression['reason']): boolean {
    const key = keyOf(channel, address);
    const known = this.entries.get(key) ?? [];
    const left = known.filter((entry) => entry.sender !== sender || entry.reason !== reason);
    this.entries.set(key, left);
    return left.length < known.length;
  }

  of(channel: string, address: string): readonly AddressSuppression[] {
    return this.entries.get(keyOf(channel, address)) ?? [];
  }

  /** Of the addresses that a contact has. */
  against(contact: Contact | null): readonly AddressSuppression[] {
    if (this.entries.size === 0 || contact === null) return [];
    const { email, phone } = contact;
    return [...(email === null ? [] : this.of('email', email)), ...(phone === null ? [] : this.of('sms', phone))];
  }
}

const keyOf = (channel: string, address: string): string => `${channel}:${addressKey(address)}`;
