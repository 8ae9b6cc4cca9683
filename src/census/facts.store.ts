import type { Facts } from '../audience/index.ts';
import { contactZone } from '../calendar/index.ts';
import { plainArray, textArray, type Sql } from '../database/index.ts';
import { loadConsents, loadContacts, loadHistory, loadPastMessages } from '../engine/index.ts';
import type { PolicyVersion } from '../gate/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';

const DAY = 86_400_000;

/** What a condition must be told of a contact's past. */
export interface Past {
  eventNames: readonly string[];
  messages: boolean;
}

/** The facts of contacts at an instant, without an event at hand: a fixed number of statements, as in a tick. */
export async function loadFacts(
  sql: Sql,
  ids: readonly Id[],
  past: Past,
  { policy, compiled: { audiences, brandOf } }: PolicyVersion,
  now: Instant,
): Promise<Facts[]> {
  const keys = keysOf(ids);
  const named = ids.flatMap((id) => past.eventNames.map((name) => ({ id, name })));
  const latestMonth = monthOf(now + DAY);
  const [contacts, consents, events, messages] = await Promise.all([
    sql.run(loadContacts, keys),
    sql.run(loadConsents, keys),
    named.length === 0
      ? []
      : sql.run(loadHistory, [
          ...keysOf(named.map(({ id }) => id)),
          textArray(named.map(({ name }) => name)),
          latestMonth,
        ]),
    past.messages ? sql.run(loadPastMessages, [...keys, latestMonth]) : [],
  ]);
  const [consentsOf, eventsOf, messagesOf] = [byContact(consents), byContact(events), byContact(messages)];
  return contacts.map(({ maxPerWeek: _own, pauseUntil: _until, ...contact }) => ({
    now,
    contact,
    zone: contactZone(contact, policy.timezone),
    history: eventsOf.get(contact.id) ?? [],
    consents: consentsOf.get(contact.id) ?? [],
    messages: messagesOf.get(contact.id) ?? [],
    audiences,
    brandOf,
  }));
}

/** Lanes and ids as parallel arrays. */
const keysOf = (ids: readonly Id[]): [string, string] => [plainArray(ids.map(laneOf)), plainArray(ids)];

function byContact<Row extends { contactId: Id }>(rows: readonly Row[]): Map<Id, Row[]> {
  const found = new Map<Id, Row[]>();
  for (const row of rows) {
    const others = found.get(row.contactId);
    if (others === undefined) found.set(row.contactId, [row]);
    else others.push(row);
  }
  return found;
}
