import type { Contact } from '../contacts/index.ts';
import { countedSend, type CountedSend, type Meanwhile } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { sequenceAt } from '../shared/sequence.ts';
import { addressesOf, type Address } from './address.ts';
import type { ContactChanges, SharedSend, Tick } from './world.ts';

/** What sharing asks of the tick that decided. */
export interface Deciding {
  /** As it was loaded. */
  contactOf: (contactId: Id) => Contact | null;
  /** Whether what others with its address were sent can refuse this contact anything at all. */
  isPressed: (contactId: Id) => boolean;
  /** Decides about a contact once more, with what others with its address were sent before this tick, and in it. */
  again: (contactId: Id, others: readonly CountedSend[], meanwhile: readonly Meanwhile[]) => ContactChanges;
}

/**
 * Contacts with one address share its pressure (rule P12), and the one message that a friend gets (law L23). Most share theirs with nobody, and deciding is pure: so
 * everybody is decided about first, then the addresses are locked of those for whom something was judged or who gave
 * room back, and whoever turns out to share one is decided about again, with what the others were sent. What passes
 * in this tick uses room for whatever has its turn after it (`Turn`), whoever it is for: so they are decided about round by round,
 * until nobody's changes what another sees. The first turn of all is right from the beginning, the next one after it, and so on. Where room was given back, or a contact has left an address with all it was sent, the
 * others have what pressure holds judged again, as the contact itself has: under the lock, so that what one of them holds
 * at this moment is seen. One statement, however many they are, and one more where somebody shares; none where nothing
 * was judged, no room given back and no address left.
 */
export async function sharePressure(
  taken: Tick,
  decided: readonly ContactChanges[],
  deciding: Deciding,
  since: Instant,
): Promise<ContactChanges[]> {
  const addresses = new Map<Id, Address[]>();
  const left = new Map<Id, Address[]>();
  for (const { contactId, contact, decisions, freed } of decided) {
    const before = deciding.contactOf(contactId);
    const person = contact ?? before;
    const isPressed = deciding.isPressed(contactId);
    const isJudged = isPressed && decisions.some(({ gates }) => gates.length > 0);
    const gone = isPressed ? addressesLeft(before, contact) : [];
    if (gone.length > 0) left.set(contactId, gone);
    if (person !== null && (isJudged || freed || gone.length > 0)) addresses.set(contactId, addressesOf(person));
  }
  const held = [...addresses].flatMap(([contactId, own]) =>
    [...own, ...(left.get(contactId) ?? [])].map((address) => ({ contactId, address })),
  );
  if (held.length === 0) return [...decided];
  const { sharers, sends } = await taken.shareAddresses(held, since);
  const shared = new SharedSends(sends);
  const holders = sharedBy([...held.map(({ contactId, address }) => ({ contactId, address: address.id })), ...sharers]);

  const results = new Map(decided.map((changes) => [changes.contactId, changes]));
  const othersAt = (all: readonly Address[], contactId: Id): Id[] =>
    all.flatMap(({ id }) => [...(holders.get(id) ?? [])]).filter((id) => id !== contactId);
  const meeting = [...addresses].filter(([contactId, own]) =>
    [...own, ...(left.get(contactId) ?? [])].some(({ id }) => holders.has(id)),
  );
  const sharing = meeting.sort(([a], [b]) => (a < b ? -1 : 1));
  const seen = new Map<Id, string>();
  for (let round = 0, news = true; news && round < MOST_ROUNDS; round += 1) {
    news = false;
    for (const [contactId, own] of sharing) {
      const { sent, meanwhile } = shared.seenBy(contactId, own, sharing, results);
      const sight = JSON.stringify([sent.map(({ messageId }) => messageId), meanwhile]);
      if (sight === (seen.get(contactId) ?? NOTHING_SEEN)) continue;
      seen.set(contactId, sight);
      results.set(contactId, deciding.again(contactId, sent, meanwhile));
      news = true;
    }
  }
  for (const [contactId, own] of sharing) {
    const changes = results.get(contactId)!;
    const roomFor = new Set([
      ...(changes.freed ? othersAt(own, contactId) : []),
      ...othersAt(left.get(contactId) ?? [], contactId),
    ]);
    if (roomFor.size > 0) results.set(contactId, { ...changes, roomFor: [...roomFor].sort() });
  }
  return [...results.values()];
}

/** What a contact had before this tick and has no more. */
function addressesLeft(before: Contact | null, after: Contact | null): Address[] {
  if (before === null || after === null) return [];
  if (before.email === after.email && before.phone === after.phone) return [];
  const kept = new Set(addressesOf(after).map(({ id }) => id));
  return addressesOf(before).filter(({ id }) => !kept.has(id));
}

/** Who has the addresses that several contacts have. */
function sharedBy(holders: readonly { address: Id; contactId: Id }[]): ReadonlyMap<Id, ReadonlySet<Id>> {
  const first = new Map<Id, Id>();
  const several = new Map<Id, Set<Id>>();
  for (const { address, contactId } of holders) {
    const one = first.get(address);
    if (one === undefined) first.set(address, contactId);
    else if (one !== contactId) several.set(address, (several.get(address) ?? new Set([one])).add(contactId));
  }
  return several;
}

/** The number of an arrival that tells of room given back at `now`: all that has arrived by then is known to it. */
export function roomSequence(now: Instant): number {
  return sequenceAt(now + 1) - 1;
}

/** More rounds than this would mean that what one passes lets another pass before it, and so on. */
const MOST_ROUNDS = 50;
const NOTHING_SEEN = JSON.stringify([[], []]);

/** What was sent to shared addresses before a tick, by address. */
class SharedSends {
  private readonly sends = new Map<Id, SharedSend[]>();

  constructor(loaded: readonly SharedSend[]) {
    for (const send of loaded) {
      const known = this.sends.get(send.address);
      if (known === undefined) this.sends.set(send.address, [send]);
      else known.push(send);
    }
  }

  /** What a contact sees of the others with its addresses, as they are decided about by now. */
  seenBy(
    contactId: Id,
    addresses: readonly Address[],
    sharing: readonly (readonly [Id, readonly Address[]])[],
    results: ReadonlyMap<Id, ContactChanges>,
  ): { sent: CountedSend[]; meanwhile: Meanwhile[] } {
    const others = sharing.filter(([other]) => other !== contactId);
    const changed = new Set(others.flatMap(([other]) => results.get(other)!.messages.map(({ id }) => id)));
    const sent = addresses.flatMap(({ id }) =>
      (this.sends.get(id) ?? [])
        .filter((send) => send.contactId !== contactId && !changed.has(send.messageId))
        .map(({ address: _address, contactId: _contact, ...send }) => send),
    );
    const meanwhile: Meanwhile[] = [];
    for (const { id, channel } of addresses)
      for (const [other, own] of others) {
        if (!own.some((address) => address.id === id)) continue;
        const { messages, turns } = results.get(other)!;
        for (const message of messages) {
          const turn = turns?.get(message.id);
          if (message.channel === channel && message.countedAt !== null && turn !== undefined)
            meanwhile.push({ send: countedSend(message), turn });
        }
      }
    return { sent, meanwhile };
  }
}
