import type { Contact } from '../contacts/index.ts';
import { countedSend, type CountedSend } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { addressesOf, type Address } from './address.ts';
import type { ContactChanges, SharedSend, Tick } from './world.ts';

/** What sharing asks of the tick that decided. */
export interface Deciding {
  /** As it was loaded. */
  contactOf: (contactId: Id) => Contact | null;
  /** Whether pressure can refuse this contact anything at all. */
  isPressed: (contactId: Id) => boolean;
  /** Decides about a contact once more, with what others with its address were sent. */
  again: (contactId: Id, others: readonly CountedSend[]) => ContactChanges;
}

/**
 * Contacts with one address share its pressure (rule P12). Most share theirs with nobody, and deciding is pure: so
 * everybody is decided about first, then the addresses of those for whom something was judged are locked, and whoever
 * turns out to share one is decided about again, with what the others were sent, one after the other in the order of
 * their ids. Two statements, however many they are; none where nothing was judged.
 */
export async function sharePressure(
  taken: Tick,
  decided: readonly ContactChanges[],
  deciding: Deciding,
  since: Instant,
): Promise<ContactChanges[]> {
  const addresses = new Map<Id, Address[]>();
  for (const { contactId, contact, decisions } of decided) {
    const person = contact ?? deciding.contactOf(contactId);
    if (person !== null && deciding.isPressed(contactId) && decisions.some(({ gates }) => gates.length > 0))
      addresses.set(contactId, addressesOf(person));
  }
  const held = [...addresses].flatMap(([contactId, all]) => all.map((address) => ({ contactId, address })));
  if (held.length === 0) return [...decided];
  const shared = new SharedSends(await taken.shareAddresses(held, since));
  const holders = new Map<Id, Set<Id>>();
  for (const { contactId, address } of held)
    holders.set(address.id, (holders.get(address.id) ?? new Set()).add(contactId));

  const results = new Map(decided.map((changes) => [changes.contactId, changes]));
  for (const contactId of [...addresses.keys()].sort()) {
    const own = addresses.get(contactId)!;
    const meets = own.some(({ id }) => shared.isOf(id, contactId) || holders.get(id)!.size > 1);
    if (!meets) continue;
    const changes = deciding.again(contactId, shared.othersOf(own, contactId));
    results.set(contactId, changes);
    shared.note(changes, own);
  }
  return [...results.values()];
}

/** What was sent to shared addresses, by address; kept true while the contacts of a tick are decided about. */
class SharedSends {
  private readonly sends = new Map<Id, SharedSend[]>();

  constructor(loaded: readonly SharedSend[]) {
    for (const send of loaded) this.sends.set(send.address, [...(this.sends.get(send.address) ?? []), send]);
  }

  /** Whether somebody else was sent something there. */
  isOf(address: Id, contactId: Id): boolean {
    return (this.sends.get(address) ?? []).some((send) => send.contactId !== contactId);
  }

  othersOf(addresses: readonly Address[], contactId: Id): CountedSend[] {
    return addresses.flatMap(({ id }) =>
      (this.sends.get(id) ?? [])
        .filter((send) => send.contactId !== contactId)
        .map(({ address: _address, contactId: _contact, ...send }) => send),
    );
  }

  /** What a contact was sent, or gave back, in this tick. */
  note({ contactId, messages }: ContactChanges, addresses: readonly Address[]): void {
    for (const { id: address, channel } of addresses) {
      const changed = new Set(messages.map(({ id }) => id));
      const kept = (this.sends.get(address) ?? []).filter(({ messageId }) => !changed.has(messageId));
      const now = messages
        .filter((message) => message.channel === channel && message.countedAt !== null)
        .map((message) => ({ address, contactId, ...countedSend(message, message.countedAt!) }));
      this.sends.set(address, [...kept, ...now]);
    }
  }
}
