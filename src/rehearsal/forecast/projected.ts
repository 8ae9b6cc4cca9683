import { applyTraits, newContact, type Contact } from '../../contacts/index.ts';
import type { ConsentState } from '../../consent/index.ts';
import type { CustomerEvent } from '../../events/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { stableFraction } from '../../shared/hash.ts';
import { derivedId, type Id } from '../../shared/ids.ts';
import { atOwnAddresses, type Arrival, type Newcomer } from './arrivals.ts';
import type { Rates } from './rates.schema.ts';

/** Rates, and over whom and when they are spread. */
export interface Projection {
  rates: Rates;
  /** How many contacts are in each event's audience. */
  sizes: readonly number[];
  contacts: number;
  days: number;
  from: Instant;
  until: Instant;
  seed: string;
}

/** How often each event and, last, how many newcomers fall to a contact, if it is in their audiences. */
export function drawn(contactId: Id, { rates, sizes, contacts, days, seed }: Projection): number[] {
  const chance = (...what: string[]): number => stableFraction('rates', seed, contactId, ...what);
  const events = rates.events.map(({ perDay }, index) =>
    poisson((perDay * days) / Math.max(1, sizes[index]!), chance('event', String(index))),
  );
  const come = rates.newContacts === undefined ? 0 : (rates.newContacts.perDay * days) / Math.max(1, contacts);
  return [...events, poisson(come, chance('newcomers'))];
}

/**
 * What these rates say of one contact: events at any hour of the period alike, and newcomers who are counted beside it.
 * The same seed draws the same for a contact, whoever else is there. `isIn` tells whose audience it is in, by index.
 */
export function projected(
  contact: Contact,
  projection: Projection,
  isIn: (index: number) => boolean,
): { arrivals: Arrival[]; newcomers: Newcomer[] } {
  const { rates, seed } = projection;
  const counts = drawn(contact.id, projection);
  const arrivals = rates.events.flatMap((rate, index) => {
    const count = counts[index]!;
    if (count === 0 || !isIn(index)) return [];
    return Array.from({ length: count }, (_, number) => {
      const key = `${index} ${number}`;
      const at = instantIn(projection, contact.id, key);
      return happens(rate, contact.id, contact.userId, at, key, seed);
    });
  });
  const newcomers: Newcomer[] = [];
  for (let number = 0; number < counts.at(-1)!; number++) {
    const newcomer = newcomerOf(contact.id, number, projection);
    newcomers.push(newcomer);
    const { id, userId, createdAt } = newcomer.contact;
    for (const [index, event] of rates.newContacts!.events.entries())
      if (stableFraction('rates', seed, id, 'does', String(index)) < event.share)
        arrivals.push(happens(event, id, userId, createdAt, `comes ${index}`, seed));
  }
  return { arrivals, newcomers };
}

function newcomerOf(origin: Id, number: number, projection: Projection): Newcomer {
  const { traits, consents } = projection.rates.newContacts!;
  const id = derivedId(origin, 'newcomer', 'projected', number);
  const createdAt = instantIn(projection, id, 'comes');
  const contact = atOwnAddresses({ ...applyTraits(newContact(id, `new ${id}`, createdAt), traits, 'UTC'), createdAt });
  const said = consents
    .filter(
      ({ channel, purpose, share }) => stableFraction('rates', projection.seed, id, 'grants', channel, purpose) < share,
    )
    .map(({ channel, purpose }): ConsentState => {
      return { channel, purpose, state: 'granted', at: createdAt, legalBasis: 'consent' };
    });
  return { contact, consents: said };
}

function happens(
  { event: name, properties, samples }: Pick<Rates['events'][number], 'event' | 'properties' | 'samples'>,
  contactId: Id,
  userId: string | null,
  at: Instant,
  key: string,
  seed: string,
): Arrival {
  const sample = samples?.[Math.floor(stableFraction('rates', seed, contactId, 'sample', key) * samples.length)];
  const event: CustomerEvent = {
    id: derivedId(contactId, 'event', 'projected', key),
    contactId,
    userId,
    seq: 0,
    type: 'track',
    name,
    at,
    receivedAt: at,
    properties: sample ?? properties ?? {},
    historical: false,
    active: true,
  };
  return { kind: 'event', at, contactId, event };
}

function instantIn({ from, until, seed }: Projection, contactId: Id, key: string): Instant {
  return from + Math.floor(stableFraction('rates', seed, contactId, 'at', key) * (until - from));
}

/** Above it the normal distribution stands for that of Poisson: hardly another, and it needs no long sum. */
const MANY = 200;

/** The count of a Poisson distribution with this mean below which this share of all counts lies. */
export function poisson(mean: number, share: number): number {
  if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(share)));
  let count = 0;
  let probability = Math.exp(-mean);
  for (let below = probability; share >= below && probability > 0; below += probability) probability *= mean / ++count;
  return count;
}

/** Tukey's lambda distribution, within 0.01 of the normal one up to its hundredth quantiles. */
function normalQuantile(share: number): number {
  return (share ** 0.1349 - (1 - share) ** 0.1349) / 0.1975;
}
