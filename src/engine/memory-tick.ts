import type { PastMessage } from '../audience/index.ts';
import type { ArrivingAddress, Suppression } from '../consent/index.ts';
import type { CountedSend, Message } from '../gate/index.ts';
import type { Id } from '../shared/ids.ts';
import type { AddressBook } from './address-book.ts';
import { isLive } from './enrollment.ts';
import { NOTHING_CAME_BACK, type VirtualContact } from './virtual-contact.ts';
import { lastActivityKey } from './world.ts';
import type { ContactState, Due, Enrollment, History, Tick, Wanted } from './world.ts';

/** The loads of one tick of the virtual world. */
export class MemoryTick implements Tick {
  readonly revision = null;

  constructor(
    readonly due: readonly Due[],
    private readonly contacts: ReadonlyMap<Id, VirtualContact>,
    private readonly addresses: AddressBook,
  ) {}

  load(wanted: Wanted): Promise<Map<Id, ContactState>> {
    return Promise.resolve(
      new Map(
        this.due.map(({ contactId }) => {
          const record = this.contacts.get(contactId)!;
          const state = stateOf(contactId, record, wanted);
          return [
            contactId,
            { ...state, suppressions: [...record.suppressions, ...this.addresses.against(record.contact)] },
          ];
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

function stateOf(contactId: Id, record: VirtualContact, { sendsSince, sales, once }: Wanted): ContactState {
  const messages = [...record.messages.values()];
  const sends: CountedSend[] =
    record.earlierSends.length === 0 ? [] : record.earlierSends.filter(({ at }) => at > sendsSince);
  for (const { id: messageId, countedAt: at, channel, category, programme, scenarioId, sender } of messages) {
    if (at !== null && at > sendsSince) sends.push({ messageId, at, channel, category, programme, scenarioId, sender });
  }
  return {
    contactId,
    contact: record.contact,
    enrollments: [...record.enrollments.values()].filter(
      (enrollment) => isLive(enrollment) || latest(record, enrollment),
    ),
    watches: [...record.watches.values()],
    messages: messages.filter(({ status }) => status === 'held' || status === 'ready'),
    // As the database orders them: records of judgements name them one by one.
    sends: sends.length > 1 ? sends.sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1)) : sends,
    consents: record.consents,
    suppressions: record.suppressions,
    ownLimits: record.ownLimits,
    sales: sales.flatMap(({ purpose, event }) =>
      record.events
        .filter(({ name }) => name === event)
        .map(({ seq, properties }) => ({ purpose, brand: String(properties['brand'] ?? ''), seq })),
    ),
    spent: once.size === 0 ? [] : spentOf(record, messages, once),
  };
}

function spentOf({ earlierSpent }: VirtualContact, messages: readonly Message[], once: ReadonlySet<string>) {
  return [
    ...earlierSpent,
    ...messages
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
    .map(({ id, template, scenarioId, channel, settledAt }) => ({
      ...(record.returns.get(id) ?? NOTHING_CAME_BACK),
      template,
      scenarioId,
      channel,
      sentAt: settledAt!,
    }));
}
