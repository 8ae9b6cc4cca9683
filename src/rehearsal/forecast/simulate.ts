import { withConsent } from '../../consent/index.ts';
import {
  begunAt,
  newWatches,
  tellConsent,
  type InboxItem,
  type VirtualContact,
  type Watch,
} from '../../engine/index.ts';
import type { Message } from '../../gate/index.ts';
import type { Library, NextLibrary } from '../../scenarios/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';
import type { KnownContact } from '../known-contact.store.ts';
import { placeWith } from '../place-known.ts';
import { VirtualRun, type HandOver } from '../virtual-run.ts';
import { inOrder, type Arrival } from './arrivals.ts';
import type { Member } from './company.ts';

export interface Simulation {
  library: Library;
  watches: NextLibrary['watches'];
  /** Events that are only stored: see Listening. */
  quiet: ReadonlySet<string>;
  handOver: HandOver;
  from: Instant;
  until: Instant;
}

/** What became of everybody in a company by the end of the period. */
export interface Simulated {
  of: (contactId: Id) => VirtualContact;
  /** What was held when the period began. */
  heldBefore: ReadonlyMap<Id, Message>;
}

/** Plays the period for a company, by the engine that runs live. Throws ContactFault as it does. */
export async function simulate(company: readonly Member[], simulation: Simulation): Promise<Simulated> {
  const { library, from, until, quiet } = simulation;
  const run = new VirtualRun(library, from, simulation.handOver);
  const heldBefore = new Map<Id, Message>();
  for (const { known, newcomers, waiting } of company) {
    if (known !== null) {
      placeWith(run, known, watchesAt(known, simulation), from);
      for (const message of known.pending) if (message.status === 'held') heldBefore.set(message.id, message);
    }
    for (const { contact, consents } of newcomers) {
      run.world.of(contact.id).consents = consents.reduce(withConsent, []);
      run.world.place(contact, newWatches(contact, library, contact.createdAt));
    }
    receiveWaiting(run, waiting);
  }
  await run.settleInstant();
  const arrivals = inOrder(company.flatMap((member) => member.arrivals));
  for (const [index, arrival] of arrivals.entries()) {
    if (arrival.at > run.clock.now()) await run.runUntil(arrival.at);
    arrive(run, arrival, quiet);
    if (arrivals[index + 1]?.at !== arrival.at) await run.settleInstant();
  }
  await run.runUntil(until);
  return { of: (id) => run.world.of(id), heldBefore };
}

/** Before all that comes of the contact's own state, as live: by their numbers. An event that waits is stored already. */
function receiveWaiting({ world }: VirtualRun, waiting: readonly InboxItem[]): void {
  for (const item of waiting) {
    const record = world.of(item.contactId);
    if (item.kind === 'event') record.events = record.events.filter(({ seq }) => seq !== item.seq);
    world.receive(item);
    record.inbox.sort((a, b) => a.seq - b.seq);
  }
}

function arrive(run: VirtualRun, arrival: Arrival, quiet: ReadonlySet<string>): void {
  const { contactId } = arrival;
  if (arrival.kind === 'consent') {
    const record = run.world.of(contactId);
    const { state: action, ...word } = arrival.consent;
    // What was granted then had been confirmed where it must be; who waited is asked again.
    if (action === 'pending')
      tellConsent(record, { ...word, action }, run.library.policy.compiled.doubleOptIn, arrival.at);
    else record.consents = withConsent(record.consents, arrival.consent);
    return run.arrive({ kind: 'consent', contactId });
  }
  const event = { ...arrival.event, seq: run.sequence.next() };
  if (quiet.has(event.name)) return run.world.store(event);
  run.world.receive({ kind: 'event', contactId, seq: event.seq, receivedAt: event.receivedAt, event });
}

/** The contact's watches as they stand; a publication would have those of some scenarios looked at, and stop others. */
function watchesAt(
  { contact, watches }: KnownContact,
  { watches: { begin, stop }, library, from }: Simulation,
): Watch[] {
  if (begin.length === 0 && stop.length === 0) return watches;
  const kept = watches
    .filter(({ scenarioId }) => !begin.includes(scenarioId))
    .map((watch) => (stop.includes(watch.scenarioId) ? { ...watch, dueAt: null } : watch));
  const begun = begin.map((scenarioId): Watch => {
    const known = watches.find((watch) => watch.scenarioId === scenarioId)?.fired ?? {};
    const { inside: _inside, existing: _existing, ...fired } = known;
    const scenario = library.live.find(({ id }) => id === scenarioId);
    const noted = scenario === undefined ? {} : begunAt(scenario, from);
    return { contactId: contact.id, scenarioId, fired: { ...fired, ...noted }, dueAt: from };
  });
  return [...kept, ...begun];
}
