import { addressKey } from '../../shared/address.ts';
import type { InboxItem } from '../../engine/index.ts';
import type { Contact } from '../../contacts/index.ts';
import type { Id } from '../../shared/ids.ts';
import type { KnownContact } from '../known-contact.store.ts';
import type { Arrival, Newcomer } from './arrivals.ts';

/** One contact with all that it will do, and those who are counted with it. */
export interface Member {
  id: Id;
  /** Null for a stranger: nothing is known of it but what waits. */
  known: KnownContact | null;
  /** Those who come in the period because it is there: see Replay and Projection. */
  newcomers: readonly Newcomer[];
  /** Had arrived and was not taken note of when the period begins, oldest first. */
  waiting: readonly InboxItem[];
  /** Its own and those of its newcomers; at one instant in their order. */
  arrivals: readonly Arrival[];
}

/**
 * Cuts members into companies that are simulated one after the other, each of about `most`: so little is in memory at a
 * time that it is given up before the collector has copied it twice. Who shares an address, or will, is in one company,
 * as they share its pressure (rule P12). The order of members stays within each.
 */
export function companiesOf(members: readonly Member[], most: number): Member[][] {
  const companies: Member[][] = [];
  let company: Member[] = [];
  for (const family of familiesOf(members)) {
    if (company.length > 0 && company.length + family.length > most) {
      companies.push(company);
      company = [];
    }
    for (const member of family) company.push(member);
  }
  if (company.length > 0) companies.push(company);
  return companies;
}

/** Members by whom they are tied to by addresses, each family where its first member stands. */
function familiesOf(members: readonly Member[]): Iterable<Member[]> {
  // The first of everybody's family, by index; `rootOf` follows it to its end.
  const first = members.map((_, index) => index);
  const rootOf = (index: number): number => {
    while (first[index] !== index) index = first[index]!;
    return index;
  };
  const holders = new Map<string, number>();
  for (const [index, member] of members.entries())
    for (const address of addressesIn(member)) {
      const holder = holders.get(address);
      if (holder === undefined) holders.set(address, index);
      else {
        const [a, b] = [rootOf(holder), rootOf(index)];
        first[Math.max(a, b)] = Math.min(a, b);
      }
    }
  const families = new Map<number, Member[]>();
  for (const [index, member] of members.entries()) {
    const root = rootOf(index);
    const family = families.get(root);
    if (family === undefined) families.set(root, [member]);
    else family.push(member);
  }
  return families.values();
}

/** Every address that a member or one of its newcomers has, or is told to have in the period. */
function* addressesIn({ known, newcomers, waiting, arrivals }: Member): Generator<string> {
  if (known !== null) yield* addressesOf(known.contact);
  for (const { contact } of newcomers) yield* addressesOf(contact);
  for (const item of waiting) if (item.kind === 'event') yield* addressesOf(item.event.properties);
  for (const arrival of arrivals) if (arrival.kind === 'event') yield* addressesOf(arrival.event.properties);
}

/** Of a contact, or of traits. An event that only calls something its email ties too many together, and none too few. */
function* addressesOf({ email, phone }: Partial<Record<keyof Contact, unknown>>): Generator<string> {
  if (typeof email === 'string') yield `email ${addressKey(email)}`;
  if (typeof phone === 'string') yield `phone ${phone}`;
}

/** All but the one to whom this contact belongs. */
export function without(members: readonly Member[], contactId: Id): Member[] {
  return members.filter(
    ({ id, newcomers }) => id !== contactId && newcomers.every(({ contact }) => contact.id !== contactId),
  );
}
