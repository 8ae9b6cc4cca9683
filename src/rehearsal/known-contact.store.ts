import type { PastMessage } from '../audience/index.ts';
import { withConsent, type ConsentState, type Suppression } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import { textArray, type Sql } from '../database/index.ts';
import {
  inOrder,
  loadConsents,
  loadContacts,
  loadSpent,
  loadSuppressions,
  sendsToSharers,
  type Enrollment,
  type Watch,
} from '../engine/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import type { CountedSend, JudgeFacts, Message } from '../gate/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { contactIdOf, laneOf } from '../shared/ids.ts';
import {
  knownEnrollments,
  knownEvents,
  knownLedger,
  knownMessages,
  knownSends,
  knownWatches,
  pendingMessages,
  restrictedSince,
} from './sql/known-contact.ts';

/** All that the engine would know of a contact at an instant. */
export interface KnownContact {
  contact: Contact;
  consents: ConsentState[];
  suppressions: Suppression[];
  ownLimits: JudgeFacts['ownLimits'];
  enrollments: Enrollment[];
  watches: Watch[];
  events: CustomerEvent[];
  /** Those to others with one of its addresses among them. */
  sends: CountedSend[];
  /** Messages of purposes that write once. */
  spent: JudgeFacts['past']['spent'][number][];
  messages: PastMessage[];
  pending: Message[];
}

/** A contact's own row, as it is now; null when nobody has that user id. */
export async function findContact(
  sql: Sql,
  userId: string,
): Promise<{ contact: Contact; ownLimits: KnownContact['ownLimits'] } | null> {
  const id = contactIdOf(userId);
  const [row] = await sql.run(loadContacts, [[laneOf(id)], [id]]);
  if (row === undefined) return null;
  const { maxPerWeek, pauseUntil, ...contact } = row;
  return { contact, ownLimits: maxPerWeek === null && pauseUntil === null ? null : { maxPerWeek, pauseUntil } };
}

/** Since when nothing is done with a contact (GDPR Art. 18); null when it is not restricted. */
export async function findRestriction(sql: Sql, { id }: Contact): Promise<Instant | null> {
  const [row] = await sql.run(restrictedSince, [laneOf(id), id]);
  return row?.at ?? null;
}

/**
 * Reads what was known of a contact at `asOf`, and changes nothing. Traits and limits are those of now: their past is
 * not kept.
 */
export async function loadKnownContact(
  sql: Sql,
  { contact, ownLimits }: Pick<KnownContact, 'contact' | 'ownLimits'>,
  want: {
    scenarios: readonly string[];
    events: readonly string[];
    sendsSince: Instant;
    /** Purposes that write once. */
    once: ReadonlySet<string>;
    asOf: Instant;
  },
): Promise<KnownContact> {
  const key = [laneOf(contact.id), contact.id];
  const keys = [[laneOf(contact.id)], [contact.id]];
  const consents = await sql.run(loadConsents, keys);
  // What was said since is taken back: the ledger tells what was said before it.
  const ofOthers = await sendsToSharers(sql, contact, want.once.size > 0 ? 0 : want.sendsSince, want.asOf);
  const ledger = consents.some(({ at }) => at > want.asOf) ? await sql.run(knownLedger, [...key, want.asOf]) : null;
  return {
    contact,
    ownLimits,
    consents: ledger === null ? consents : ledger.reduce<ConsentState[]>(withConsent, []),
    suppressions: (await sql.run(loadSuppressions, keys)).filter(({ at }) => at <= want.asOf),
    enrollments: await sql.run(knownEnrollments, [...key, textArray(want.scenarios), want.asOf]),
    watches: await sql.run(knownWatches, key),
    events: await sql.run(knownEvents, [...key, textArray(want.events), want.asOf]),
    sends: inOrder([
      ...(await sql.run(knownSends, [...key, want.sendsSince, want.asOf])),
      ...ofOthers.filter(({ at }) => at > want.sendsSince),
    ]),
    spent: [
      ...(await sql.run(loadSpent, [...keys, [...want.once], ['sent', 'unknown'], monthOf(want.asOf)])).filter(
        ({ plannedAt }) => plannedAt <= want.asOf,
      ),
      ...ofOthers.filter(({ purpose }) => want.once.has(purpose)),
    ],
    messages: await sql.run(knownMessages, [...key, want.asOf]),
    pending: await sql.run(pendingMessages, key),
  };
}
