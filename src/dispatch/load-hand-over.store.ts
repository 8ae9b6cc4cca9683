import { shareAddressesNow } from '../consent/index.ts';
import type { Session } from '../database/index.ts';
import {
  loadConsents,
  loadContacts,
  loadSales,
  loadSends,
  loadSpent,
  loadSuppressions,
  saleNames,
} from '../engine/index.ts';
import type { JudgeFacts, Message, PolicyVersion } from '../gate/index.ts';
import { OWN_WEEK } from '../pressure/index.ts';
import type { EntryEvent } from '../scenarios/index.ts';
import { addressKey } from '../shared/address.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { loadEntries } from './sql/load-entries.ts';
import { loadRestricted } from './sql/load-restricted.ts';

/** What a hand-over needs to know of the person besides the message. */
export interface Person {
  facts: JudgeFacts;
  entry: EntryEvent | null;
  enteredAt: Instant | null;
  /** An exit or goal has ended the enrollment meanwhile. */
  ended: boolean;
  /** Its processing is restricted (GDPR Art. 18). */
  restricted: boolean;
  /** Its address is being suppressed at this moment: what that comes to is not known yet. */
  contested: boolean;
}

const DAY = 86_400_000;
/** What a message that was sent may have been: one that is on its way beside this one was judged with it. */
const SENT = ['sent', 'unknown'];

type Loaded = JudgeFacts & {
  sends: unknown[];
  consents: unknown[];
  suppressions: unknown[];
  past: { sales: unknown[]; spent: unknown[] };
};

/**
 * Reads it for all messages of a batch, in a fixed number of statements; by message id. A contact that is gone is absent.
 * What legal bases ask of the past is read where the policy has such purposes, and what took room where somebody of the
 * batch has chosen how many messages a week.
 * Addresses are locked, for the session, before what stands against them is read, so that nothing is handed over after a
 * STOP (rule D4).
 */
export async function loadHandOver(
  sql: Session,
  messages: readonly Message[],
  { compiled }: PolicyVersion,
  now: Instant,
): Promise<Map<Id, Person>> {
  const ids = [...new Set(messages.map(({ contactId }) => contactId))];
  const keys = [ids.map(laneOf), ids];
  const facts = new Map<Id, Loaded>();
  for (const { maxPerWeek, pauseUntil, ...contact } of await sql.run(loadContacts, keys)) {
    facts.set(contact.id, {
      contact,
      consents: [],
      suppressions: [],
      sends: [],
      planned: [],
      inside: [],
      ownLimits: maxPerWeek === null && pauseUntil === null ? null : { maxPerWeek, pauseUntil },
      past: { sales: [], spent: [] },
    });
  }
  const addresses = [...facts.values()].flatMap(({ contact: { email, phone } }) => [email, phone]);
  const shared = await shareAddressesNow(
    sql,
    addresses.filter((address) => address !== null),
  );
  for (const { contactId, ...consent } of await sql.run(loadConsents, keys))
    facts.get(contactId)?.consents.push(consent);
  for (const { contactId, ...entry } of await sql.run(loadSuppressions, keys))
    facts.get(contactId)?.suppressions.push(entry);
  const restricted = new Set((await sql.run(loadRestricted, keys)).map(({ contactId }) => contactId));
  const month = monthOf(now + DAY);
  if ([...facts.values()].some(({ ownLimits }) => ownLimits !== null && ownLimits.maxPerWeek !== null))
    for (const { contactId, ...send } of await sql.run(loadSends, [...keys, month, now - OWN_WEEK]))
      facts.get(contactId)?.sends.push(send);
  if (compiled.sales.length > 0)
    for (const { contactId, ...sale } of await sql.run(loadSales, [...keys, ...saleNames(compiled.sales), month]))
      facts.get(contactId)?.past.sales.push(sale);
  if (compiled.once.size > 0)
    for (const { contactId, ...spent } of await sql.run(loadSpent, [...keys, [...compiled.once], SENT, month]))
      facts.get(contactId)?.past.spent.push(spent);
  const entered = messages.filter(({ enrollmentId }) => enrollmentId !== null);
  const rows = await sql.run(loadEntries, [
    entered.map(({ id }) => laneOf(id)),
    entered.map(({ contactId }) => contactId),
    entered.map(({ enrollmentId }) => enrollmentId),
  ]);
  const entries = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    messages.flatMap((message) => {
      const known = facts.get(message.contactId);
      if (known === undefined) return [];
      const entry = message.enrollmentId === null ? undefined : entries.get(message.enrollmentId);
      const { entry: cause = null, enteredAt = null, ended = false } = entry ?? {};
      const waits = restricted.has(message.contactId);
      const address = message.channel === 'email' ? known.contact.email : known.contact.phone;
      const contested = address !== null && !shared.has(addressKey(address));
      return [[message.id, { facts: known, entry: cause, enteredAt, ended, restricted: waits, contested }] as const];
    }),
  );
}
