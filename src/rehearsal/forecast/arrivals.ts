import { addDuration, contactZone } from '../../calendar/index.ts';
import type { ConsentState } from '../../consent/index.ts';
import type { Contact } from '../../contacts/index.ts';
import type { CustomerEvent } from '../../events/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { stableFraction } from '../../shared/hash.ts';
import { derivedId, type Id } from '../../shared/ids.ts';

/** Something that a contact or its backend says in the period. */
export type Arrival = { at: Instant; contactId: Id } & (
  { kind: 'event'; event: CustomerEvent } | { kind: 'consent'; consent: ConsentState }
);

/** Somebody who is not there yet: comes at `contact.createdAt`. */
export interface Newcomer {
  contact: Contact;
  /** Said before it came. */
  consents: ConsentState[];
}

/** What is known of a contact that a replay needs. */
export interface Recorded {
  contact: Contact;
  /** Of the replayed time, in the order of their arrival. */
  events: readonly CustomerEvent[];
  /** What somebody who came in the replayed time has said about consent, oldest first. */
  said: readonly ConsentState[];
}

export interface Replay {
  since: Instant;
  /** Length of what is replayed; each copy of it lies that much later than the one before. */
  weeks: number;
  from: Instant;
  until: Instant;
  policyZone: string;
}

/**
 * The events of a past period once more, moved by whole weeks: each at its own weekday and local hour, to the same
 * contact, with the same properties; again and again when the forecast is longer. Who came in that period comes
 * again as somebody new, with the same traits and words about consent, so that programmes for newcomers are fed.
 */
export function replayed(
  { contact, events, said: words }: Recorded,
  { since, weeks, from, until, policyZone }: Replay,
): { arrivals: Arrival[]; newcomers: Newcomer[] } {
  const arrivals: Arrival[] = [];
  const newcomers: Newcomer[] = [];
  const zone = contactZone(contact, policyZone);
  const isNew = contact.createdAt >= since && contact.createdAt < from;
  for (let round = 1; ; round++) {
    const days = 7 * weeks * round;
    const moved = (at: Instant): Instant => addDuration(at, { months: 0, days, ms: 0 }, zone);
    if (moved(since) >= until) break;
    const contactId = isNew ? derivedId(contact.id, 'newcomer', round) : contact.id;
    if (isNew) {
      const createdAt = moved(contact.createdAt);
      if (createdAt >= until) continue;
      const said = words.map((entry) => ({ ...entry, at: moved(entry.at) }));
      const before = said.filter(({ at }) => at <= createdAt);
      newcomers.push({ contact: atOwnAddresses({ ...contact, id: contactId, createdAt }), consents: before });
      for (const consent of said)
        if (consent.at > createdAt && consent.at < until)
          arrivals.push({ kind: 'consent', at: consent.at, contactId, consent });
    }
    for (const event of events) {
      const at = moved(event.receivedAt);
      if (at < from || at >= until) continue;
      arrivals.push({ kind: 'event', at, contactId, event: moveTo(event, contactId, at, round) });
    }
  }
  return { arrivals, newcomers };
}

/** By it the country is told, whatever comes after. */
const PREFIX = '+3361'.length;

/**
 * Whoever comes has addresses of its own: at those of whom it is made after, or of the traits all newcomers have, it would
 * share their pressure (rule P12). The domain and the beginning of the number stay.
 */
export function atOwnAddresses(contact: Contact): Contact {
  const { id, email, phone } = contact;
  const digits = (length: number): string =>
    String(Math.floor(stableFraction('number', id) * 10 ** length)).padStart(length, '0');
  return {
    ...contact,
    email: email === null ? null : `${id}@${email.slice(email.lastIndexOf('@') + 1)}`,
    phone: phone === null ? null : phone.slice(0, PREFIX) + digits(Math.max(0, phone.length - PREFIX)),
  };
}

/** What is first heard of somebody who comes: in which audiences that is, is looked at then. */
export function comes({ contact }: Newcomer): Arrival {
  const { id: contactId, userId, createdAt: at } = contact;
  const event: CustomerEvent = {
    id: derivedId(contactId, 'event', 'comes'),
    contactId,
    userId,
    seq: 0,
    type: 'identify',
    name: 'Identified',
    at,
    receivedAt: at,
    properties: {},
    historical: false,
    active: true,
  };
  return { kind: 'event', at, contactId, event };
}

/** It stays as late as it was. */
function moveTo(event: CustomerEvent, contactId: Id, receivedAt: Instant, round: number): CustomerEvent {
  const id = derivedId(contactId, 'event', 'replayed', event.id, round);
  return { ...event, id, contactId, receivedAt, at: receivedAt - (event.receivedAt - event.at) };
}

/** In the order of time; at one instant as given. */
export function inOrder(arrivals: Arrival[]): Arrival[] {
  return arrivals.sort((a, b) => a.at - b.at);
}
