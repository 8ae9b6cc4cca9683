import type { PastEvent } from '../audience/index.ts';
import {
  erasedAmong,
  suppressionsOfArriving,
  type ArrivingAddress,
  type Suppression,
  type Trace,
} from '../consent/index.ts';
import { plainArray, textArray, type Sql, type Statement } from '../database/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { loadConsents } from './sql/load-consents.ts';
import { loadSharedSends } from './sql/load-shared-sends.ts';
import { lockAddresses } from './sql/lock-addresses.ts';
import { loadContacts } from './sql/load-contacts.ts';
import { loadEnrollments } from './sql/load-enrollments.ts';
import { loadHistory, loadLastActivity, loadPastMessages } from './sql/load-history.ts';
import { loadMessages } from './sql/load-messages.ts';
import { loadSales, saleNames } from './sql/load-sales.ts';
import { loadSends } from './sql/load-sends.ts';
import { loadSpent } from './sql/load-spent.ts';
import { loadSuppressions } from './sql/load-suppressions.ts';
import { loadWatches } from './sql/load-watches.ts';
import { takeTurns } from './sql/take-turns.ts';
import { lastActivityKey } from './world.ts';
import type {
  ActivityRequest,
  ContactState,
  Due,
  History,
  HistoryRequest,
  SharedAddresses,
  Tick,
  TurnsAsked,
  TurnsGiven,
  Wanted,
} from './world.ts';

const DAY = 86_400_000;
/** Of a message that has passed the gate, and not come back. */
const GONE = ['ready', 'handing', 'sent', 'unknown'];

/** The loads of one tick: each is one statement, however many contacts the tick holds. */
export class PostgresTick implements Tick {
  /** Nothing is of a later month, however much the clocks of two processes differ. */
  private readonly latestMonth: string;

  constructor(
    private readonly sql: Sql,
    readonly due: readonly Due[],
    readonly revision: number,
    now: Instant,
    /** How messages are read: locked, unless somebody only looks. */
    private readonly messages = loadMessages,
  ) {
    this.latestMonth = monthOf(now + DAY);
  }

  async load({ scenarioIds, sendsSince, sales, once }: Wanted): Promise<Map<Id, ContactState>> {
    const ids = this.due.map(({ contactId }) => contactId);
    const keys = contactKeys(ids);
    const states = new Map<Id, ContactState>(ids.map((id) => [id, emptyState(id)]));
    const of = ({ contactId }: { contactId: Id }): ContactState => states.get(contactId)!;
    const each = async <Row>(
      statement: Statement<Row>,
      more: readonly unknown[],
      put: (row: Row) => void,
    ): Promise<void> => {
      for (const row of await this.sql.run(statement, [...keys, ...more])) put(row);
    };
    // Sent together and run one after the other, messages first: the lock on them must be held before their room is counted.
    await Promise.all([
      each(this.messages, [this.latestMonth], (row) => of(row).messages.push(row)),
      each(loadSends, [this.latestMonth, sendsSince], (row) => of(row).sends.push(row)),
      each(loadContacts, [], ({ maxPerWeek, pauseUntil, ...contact }) => {
        const state = states.get(contact.id)!;
        state.contact = contact;
        if (maxPerWeek !== null || pauseUntil !== null) state.ownLimits = { maxPerWeek, pauseUntil };
      }),
      each(loadEnrollments, [scenarioIds], (row) => of(row).enrollments.push(row)),
      each(loadWatches, [], (row) => of(row).watches.push(row)),
      each(loadConsents, [], (row) => of(row).consents.push(row)),
      each(loadSuppressions, [], (row) => of(row).suppressions.push(row)),
      sales.length > 0 && each(loadSales, [...saleNames(sales), this.latestMonth], (row) => of(row).sales.push(row)),
      once.size > 0 && each(loadSpent, [[...once], GONE, this.latestMonth], (row) => of(row).spent.push(row)),
    ]);
    return states;
  }

  async history(requests: readonly HistoryRequest[]): Promise<Map<Id, History>> {
    const found = new Map<Id, History>(requests.map(({ contactId }) => [contactId, { events: [], messages: [] }]));
    const named = requests.flatMap(({ contactId, names }) => names.map((name) => ({ contactId, name })));
    if (named.length > 0) {
      const ids = named.map(({ contactId }) => contactId);
      const values = [...contactKeys(ids), textArray(named.map(({ name }) => name)), this.latestMonth];
      for (const row of await this.sql.run(loadHistory, values)) found.get(row.contactId)!.events.push(row);
    }
    const asking = requests.filter(({ messages }) => messages).map(({ contactId }) => contactId);
    if (asking.length > 0) {
      const rows = await this.sql.run(loadPastMessages, [...contactKeys(asking), this.latestMonth]);
      for (const row of rows) found.get(row.contactId)!.messages.push(row);
    }
    return found;
  }

  async lastActivity(requests: readonly ActivityRequest[]): Promise<Map<string, PastEvent>> {
    const flat = requests.flatMap(({ contactId, scenarioId, names }) =>
      names.map((name) => ({ contactId, scenarioId, name })),
    );
    const ids = flat.map(({ contactId }) => contactId);
    const scenarioIds = textArray(flat.map(({ scenarioId }) => scenarioId));
    const values = [...contactKeys(ids), scenarioIds, textArray(flat.map(({ name }) => name)), this.latestMonth];
    const rows = await this.sql.run(loadLastActivity, values);
    return new Map(rows.map(({ contactId, scenarioId, ...event }) => [lastActivityKey(contactId, scenarioId), event]));
  }

  async shareAddresses(held: Parameters<Tick['shareAddresses']>[0], since: Instant): Promise<SharedAddresses> {
    const ids = held.map(({ address }) => address.id);
    const keys = [...contactKeys(ids), plainArray(held.map(({ contactId }) => contactId))];
    const shared = new Set((await this.sql.run(lockAddresses, keys)).map(({ id }) => id));
    // Most ticks meet nobody who has an address with somebody else.
    if (shared.size === 0) return { sharers: [], sends: [] };
    const each = [...new Map(held.map(({ address }) => [address.id, address])).values()].filter(({ id }) =>
      shared.has(id),
    );
    const [lanes, distinct] = contactKeys(each.map(({ id }) => id));
    const channels = textArray(each.map(({ channel }) => channel));
    const texts = textArray(each.map(({ text }) => text));
    // What is read was committed before the locks were had.
    const values = [lanes, distinct, channels, texts, this.latestMonth, since];
    const rows = await this.sql.run(loadSharedSends, values);
    return {
      sharers: rows.map(({ address, contactId }) => ({ address, contactId })),
      sends: rows.filter((row) => row.messageId !== null),
    };
  }

  takeTurns(asked: readonly TurnsAsked[], now: Instant): Promise<TurnsGiven[]> {
    const [ids, perDay, count] = [
      textArray(asked.map(({ scenarioId }) => scenarioId)),
      plainArray(asked.map((each) => each.perDay)),
      plainArray(asked.map((each) => each.count)),
    ];
    return this.sql.run(takeTurns, [ids, perDay, count, now]);
  }

  erased(candidates: readonly (Trace & { contactId: Id })[]): Promise<ReadonlySet<Id>> {
    return erasedAmong(this.sql, candidates);
  }

  suppressed(arriving: readonly ArrivingAddress[]): Promise<ReadonlyMap<Id, Suppression[]>> {
    return suppressionsOfArriving(this.sql, arriving);
  }
}

/** Lanes and ids as parallel arrays. */
function contactKeys(ids: readonly Id[]): [string, string] {
  return [plainArray(ids.map(laneOf)), plainArray(ids)];
}

function emptyState(contactId: Id): ContactState {
  return {
    contactId,
    contact: null,
    enrollments: [],
    watches: [],
    messages: [],
    sends: [],
    consents: [],
    suppressions: [],
    ownLimits: null,
    sales: [],
    spent: [],
  };
}
