import type { ConsentState } from '../../consent/index.ts';
import { plainArray, textArray, type Sql } from '../../database/index.ts';
import { inboxItem, lastActivityKey, PostgresTick, type ContactState, type InboxItem } from '../../engine/index.ts';
import type { CustomerEvent } from '../../events/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';
import { laneOf, type Id } from '../../shared/ids.ts';
import type { KnownContact } from '../known-contact.store.ts';
import {
  concernedContacts,
  countContacts,
  everyContact,
  heardContacts,
  heardEvents,
  ledgerOf,
  pastEvents,
  pendingMessages,
  restrictedContacts,
  waitingContacts,
  waitingItems,
} from './sql/lane.ts';

/** What a forecast wants to know of a slice of contacts. */
export interface SliceWanted {
  from: Instant;
  until: Instant;
  sendsSince: Instant;
  /** Scenarios whose ended enrollments re-entry asks about. */
  scenarioIds: readonly string[];
  /** All past events of these names. */
  counted: readonly string[];
  /** By scenario of inactivity, names of which only the latest is needed. */
  signs: readonly { scenarioId: string; names: readonly string[]; everybody: boolean }[];
  pastMessages: boolean;
  /** Purposes that write once. */
  once: ReadonlySet<string>;
}

const DAY = 86_400_000;

/** Reads lanes for a forecast. Changes nothing. */
export class LaneStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  async countContacts(lanes: readonly number[]): Promise<number> {
    const [row] = await this.sql.run(countContacts, [plainArray(lanes)]);
    return row!.contacts;
  }

  /** Who is inside one of these scenarios (null: any), and is not moved by time before `until`. */
  async waiting(lane: number, scenarios: readonly string[] | null, until: Instant): Promise<Id[]> {
    const rows = await this.sql.run(waitingContacts, [lane, scenarios === null ? null : textArray(scenarios), until]);
    return rows.map(({ id }) => id);
  }

  /** Everybody of a lane, in an order that has nothing to do with what they are like. */
  async everybody(lane: number): Promise<Id[]> {
    return (await this.sql.run(everyContact, [lane])).map(({ id }) => id);
  }

  /** Who is restricted, of a lane. */
  async restricted(lane: number): Promise<Id[]> {
    return (await this.sql.run(restrictedContacts, [lane])).map(({ id }) => id);
  }

  /** To whom something happens by itself before `until`. */
  async concerned(lane: number, until: Instant): Promise<Id[]> {
    return (await this.sql.run(concernedContacts, [lane, until])).map(({ id }) => id);
  }

  /** Who was heard by an event of these names since then, or came since then. */
  async heard(lane: number, since: Instant, names: readonly string[]): Promise<Id[]> {
    const rows = await this.sql.run(heardContacts, [lane, since, monthOf(since), textArray(names)]);
    return rows.map(({ id }) => id);
  }

  /** The events themselves, by contact. */
  async heardEvents(ids: readonly Id[], since: Instant, names: readonly string[]): Promise<Map<Id, CustomerEvent[]>> {
    const values = [...keysOf(ids), textArray(names), since, monthOf(since)];
    return byContact(await this.sql.run(heardEvents, values));
  }

  /** What has arrived and was not taken note of yet, oldest first, by contact. */
  async waitingItems(ids: readonly Id[]): Promise<Map<Id, InboxItem[]>> {
    return byContact((await this.sql.run(waitingItems, keysOf(ids))).map(inboxItem));
  }

  async ledgers(ids: readonly Id[]): Promise<Map<Id, ConsentState[]>> {
    return ids.length === 0 ? new Map() : byContact(await this.sql.run(ledgerOf, keysOf(ids)));
  }

  /** All that is known of these contacts at `from`; those that are gone are left out. */
  async known(ids: readonly Id[], wanted: SliceWanted): Promise<KnownContact[]> {
    const { from, until, scenarioIds, sendsSince, counted, once } = wanted;
    // What a tick over all of them would load, by the statements that run live.
    const due = ids.map((contactId) => ({ contactId, inbox: [], clockUntil: until }));
    const tick = new PostgresTick(this.sql, due, 0, from, pendingMessages);
    const states = await tick.load({ scenarioIds, sendsSince, once, sales: [] });
    const past =
      counted.length > 0
        ? byContact(await this.sql.run(pastEvents, [...keysOf(ids), textArray(counted), monthOf(from + DAY)]))
        : new Map<Id, never>();
    const messages = wanted.pastMessages
      ? await tick.history(ids.map((contactId) => ({ contactId, names: [], messages: true })))
      : null;
    const asked = [...states.values()].flatMap(({ contactId, watches }) =>
      wanted.signs
        .filter(({ scenarioId, everybody }) => everybody || isDue(watches, scenarioId, until))
        .map(({ scenarioId, names }) => ({ contactId, scenarioId, names })),
    );
    const signs = asked.length > 0 ? await tick.lastActivity(asked) : new Map<string, never>();
    return [...states.values()].flatMap((state) => {
      if (state.contact === null) return [];
      const { contactId } = state;
      const latest = wanted.signs.flatMap(({ scenarioId }) => signs.get(lastActivityKey(contactId, scenarioId)) ?? []);
      const events = [...(past.get(contactId) ?? []), ...latest].map((event): CustomerEvent => ({
        ...event,
        id: '',
        contactId,
        userId: null,
        type: 'track',
      }));
      return [
        {
          ...withoutPending(state),
          contact: state.contact,
          events: latest.length > 0 ? events.sort((a, b) => a.at - b.at) : events,
          messages: messages?.get(contactId)?.messages ?? [],
          pending: state.messages,
        },
      ];
    });
  }
}

/** What is on its way holds its room by itself. */
function withoutPending({
  consents,
  suppressions,
  ownLimits,
  enrollments,
  watches,
  sends,
  spent,
  messages,
}: ContactState) {
  const pending = new Set(messages.map(({ id }) => id));
  return {
    consents,
    suppressions,
    ownLimits,
    enrollments,
    watches,
    spent: spent.filter(({ messageId }) => !pending.has(messageId)),
    sends: pending.size === 0 ? sends : sends.filter(({ messageId }) => !pending.has(messageId)),
  };
}

function isDue(watches: ContactState['watches'], scenarioId: string, until: Instant): boolean {
  return watches.some((watch) => watch.scenarioId === scenarioId && watch.dueAt !== null && watch.dueAt < until);
}

function keysOf(ids: readonly Id[]): [string, string] {
  return [plainArray(ids.map(laneOf)), plainArray(ids)];
}

function byContact<Row extends { contactId: Id }>(rows: readonly Row[]): Map<Id, Row[]> {
  const found = new Map<Id, Row[]>();
  for (const row of rows) {
    const own = found.get(row.contactId);
    if (own === undefined) found.set(row.contactId, [row]);
    else own.push(row);
  }
  return found;
}
