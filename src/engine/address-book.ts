import { closesPurpose, type ConsentKey, type Suppression } from '../consent/index.ts';
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
    if (known.some((one) => isSame(one, entry))) return false;
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

  /** An address consents again: what was withdrawn there for the purpose stands no more (rule C5a). */
  consent(key: ConsentKey, address: string): void {
    const at = keyOf(key.channel, address);
    const known = this.entries.get(at);
    if (known !== undefined)
      this.entries.set(
        at,
        known.filter((entry) => !closesPurpose(entry, key)),
      );
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

const isSame = (a: AddressSuppression, b: AddressSuppression): boolean =>
  a.sender === b.sender && a.reason === b.reason && a.purpose === b.purpose && a.brand === b.brand;

const keyOf = (channel: string, address: string): string => `${channel}:${addressKey(address)}`;
