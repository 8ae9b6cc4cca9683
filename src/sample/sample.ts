import type { ConsentEntry } from '../consent/index.ts';
import { normaliseTraits } from '../contacts/index.ts';
import { eventRow, type CustomerEvent, type EventRow } from '../events/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { contactIdOf, derivedId, type Id } from '../shared/ids.ts';
import { deedsOf, standing, type Deed } from './activity.ts';
import { consentsOf } from './consents.ts';
import { samplePeople, type Person } from './people.ts';

/** The sample as it goes in: by the same doors as what a backend sends. */
export interface Sample {
  /** The first row of each contact is its `identify`; then what it did, oldest first. */
  events: EventRow[];
  consents: { contactId: Id; entries: ConsentEntry[] }[];
}

/** Some hundred contacts of several countries, what they did in the last 60 days, and what they consented to. Pure. */
export function makeSample(now: Instant, nextSeq: () => number): Sample {
  const sample: Sample = { events: [], consents: [] };
  for (const person of samplePeople(now)) {
    const contactId = contactIdOf(person.userId);
    const deeds = deedsOf(person, now);
    sample.events.push(...eventsOf(person, contactId, deeds, now, nextSeq).map(eventRow));
    const entries = consentsOf(person, deeds, now);
    if (entries.length > 0) sample.consents.push({ contactId, entries });
  }
  return sample;
}

/** All of it is history: it counts in conditions, and nothing is sent because of it. */
function eventsOf(
  person: Person,
  contactId: Id,
  deeds: readonly Deed[],
  now: Instant,
  nextSeq: () => number,
): CustomerEvent[] {
  const { userId } = person;
  const { traits, faults } = normaliseTraits({ ...standing(deeds), ...person.traits });
  if (faults.length > 0) throw new UserError(`The sample contact ${userId} cannot be used`, faults);
  const all = [
    { type: 'identify' as const, name: 'Identified', at: now, properties: traits },
    ...deeds.map((deed) => ({ type: 'track' as const, ...deed })),
  ];
  return all.map((each, n) => ({
    ...each,
    // Always the same, so that loading the sample twice changes nothing.
    id: derivedId(contactId, 'event', `sample ${userId} ${n}`),
    contactId,
    userId,
    seq: nextSeq(),
    receivedAt: now,
    historical: true,
    active: true,
  }));
}
