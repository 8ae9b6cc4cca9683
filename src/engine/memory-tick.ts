import type { PastMessage } from '../audience/index.ts';
import type { ArrivingAddress, Suppression } from '../consent/index.ts';
import { countedSend, type CountedSend, type Message } from '../gate/index.ts';
import { firstFree } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { AddressBook } from './address-book.ts';
import { addressesOf } from './address.ts';
import { isLive } from './enrollment.ts';
import { NOTHING_CAME_BACK, type VirtualContact } from './virtual-contact.ts';
import { lastActivityKey } from './world.ts';
import type {
  ContactState,
  Due,
  Enrollment,
  History,
  SharedAddresses,
  SharedSend,
  Sharer,
  Tick,
  TurnsAsked,
  TurnsGiven,
  Wanted,
} from './world.ts';

/** The loads of one tick of the virtual world. */
export class MemoryTick implements Tick {
  readonly revision = null;

  constructor(
    readonly due: readonly Due[],
    private readonly contacts: ReadonlyMap<Id, VirtualContact>,
    private readonly addresses: AddressBook,
    private readonly holders: Map<Id, Set<Id>>,
    private readonly lines: Map<string, { since: Instant; taken: number }>,
  ) {}

  load(wanted: Wanted): Promise<Map<Id, ContactState>> {
    return Promise.resolve(
      new Map(
        this.due.map(({ contactId }) => {
          const record = this.contacts.get(contactId)!;
          return [contactId, stateOf(contactId, record, this.addresses.against(record.contact), wanted)];
        }),
      ),
    );
  }

  history(requests: Parameters<Tick['history']>[0]): Promise<Map<Id, History>> {
    const found = new Map<Id, History>();
    for (const { contactId, names, messages } of requests) {
      const record = this.contacts.get(contactId)!;
      found.set(contactId, {
        events: record.events.filter(({ name }) => names.includes(name)),
        messages: messages ? [...record.earlierMessages, ...sentMessages(record)] : [],
      });
    }
    return Promise.resolve(found);
  }

  lastActivity(requests: Parameters<Tick['lastActivity']>[0]): ReturnType<Tick['lastActivity']> {
    const found: Awaited<ReturnType<Tick['lastActivity']>> = new Map();
    for (const { contactId, scenarioId, names } of requests) {
      const last = this.contacts.get(contactId)!.events.findLast(({ name, active }) => active && names.includes(name));
      if (last !== undefined) found.set(lastActivityKey(contactId, scenarioId), last);
    }
    return Promise.resolve(found);
  }

  shareAddresses(held: Parameters<Tick['shareAddresses']>[0], since: Instant): Promise<SharedAddresses> {
    for (const { contactId, address } of held) hold(this.holders, address.id, contactId);
    const addresses = new Map(held.map(({ address }) => [address.id, address]));
    const found: SharedSend[] = [];
    const sharers: Sharer[] = [];
    for (const [id, { channel }] of addresses) {
      const holders = this.holders.get(id)!;
      if (holders.size === 1) continue;
      for (const contactId of holders) {
        const record = this.contacts.get(contactId)!;
        if (record.contact === null || addressesOf(record.contact).every((own) => own.id !== id)) continue;
        sharers.push({ address: id, contactId });
        for (const send of sendsOf(record, since))
          if (send.channel === channel) found.push({ ...send, address: id, contactId });
      }
    }
    return Promise.resolve({ sharers, sends: found });
  }

  takeTurns(asked: readonly TurnsAsked[], now: Instant): Promise<TurnsGiven[]> {
    const given = asked.map(({ scenarioId, perDay, count }) => {
      const line = this.lines.get(scenarioId) ?? { since: now, taken: 0 };
      const first = firstFree(line.since, line.taken, perDay, now);
      this.lines.set(scenarioId, { since: line.since, taken: first + count });
      return { scenarioId, since: line.since, first };
    });
    return Promise.resolve(given);
  }

  /** In a virtual world nobody was erased. */
  erased(): Promise<ReadonlySet<Id>> {
    return Promise.resolve(new Set());
  }

  suppressed(arriving: readonly ArrivingAddress[]): Promise<ReadonlyMap<Id, Suppression[]>> {
    const found = new Map<Id, Suppression[]>();
    for (const { contactId, channel, address } of arriving)
      found.set(contactId, [...(found.get(contactId) ?? []), ...this.addresses.of(channel, address)]);
    return Promise.resolve(found);
  }
}

/** What used room after `since`, oldest first. */
function sendsOf({ earlierSends, messages, returns }: VirtualContact, since: Instant): CountedSend[] {
  const sends: CountedSend[] = earlierSends.length === 0 ? [] : earlierSends.filter(({ at }) => at > since);
  for (const message of messages.values())
    if (message.countedAt !== null && message.countedAt > since)
      sends.push({
        ...countedSend(message),
        clicked: (returns.get(message.id)?.clickedAt ?? null) !== null,
      });
  // As the database orders them: records of judgements name them one by one.
  return sends.length > 1 ? sends.sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1)) : sends;
}

/** Loops rather than chains of arrays: a forecast does this for every look at every contact. */
function stateOf(
  contactId: Id,
  record: VirtualContact,
  ofAddresses: readonly Suppression[],
  { sendsSince, sales, once }: Wanted,
): ContactState {
  const enrollments: Enrollment[] = [];
  for (const enrollment of record.enrollments.values())
    if (isLive(enrollment) || latest(record, enrollment)) enrollments.push(enrollment);
  const messages: Message[] = [];
  for (const message of record.messages.values())
    if (message.status === 'held' || message.status === 'ready') messages.push(message);
  const told: ContactState['sales'] = [];
  for (const { purpose, event } of sales)
    for (const { name, seq, properties } of record.events)
      if (name === event) told.push({ purpose, brand: String(properties['brand'] ?? ''), seq });
  return {
    contactId,
    contact: record.contact,
    enrollments,
    watches: [...record.watches.values()],
    messages,
    sends: sendsOf(record, sendsSince),
    consents: record.consents,
    suppressions: ofAddresses.length === 0 ? record.suppressions : [...record.suppressions, ...ofAddresses],
    ownLimits: record.ownLimits,
    sales: told,
    spent: once.size === 0 ? [] : spentOf(record, once),
  };
}

function spentOf({ earlierSpent, messages }: VirtualContact, once: ReadonlySet<string>) {
  return [
    ...earlierSpent,
    ...[...messages.values()]
      .filter(({ purpose, status }) => once.has(purpose) && GONE.has(status))
      .map(({ id: messageId, purpose }) => ({ messageId, purpose })),
  ];
}

/** Of a message that has passed the gate, and not come back. */
const GONE: ReadonlySet<Message['status']> = new Set(['ready', 'handing', 'sent', 'unknown']);

function latest(record: VirtualContact, enrollment: Enrollment): boolean {
  for (const { scenarioId, key, enteredAt } of record.enrollments.values()) {
    if (scenarioId === enrollment.scenarioId && key === enrollment.key && enteredAt > enrollment.enteredAt)
      return false;
  }
  return true;
}

function sentMessages(record: VirtualContact): PastMessage[] {
  return [...record.messages.values()]
    .filter(({ status }) => status === 'sent' || status === 'unknown')
    .map(({ id, template, scenarioId, channel, sender, settledAt }) => ({
      ...(record.returns.get(id) ?? NOTHING_CAME_BACK),
      template,
      scenarioId,
      channel,
      sender,
      sentAt: settledAt!,
    }));
}

/** Notes that a contact has an address. */
export function hold(holders: Map<Id, Set<Id>>, address: Id, contactId: Id): void {
  const known = holders.get(address);
  if (known === undefined) holders.set(address, new Set([contactId]));
  else known.add(contactId);
}
