import {
  appendUnheld,
  expiryOf,
  isRequest,
  sameConsent,
  type ConsentEntry,
  type ConsentState,
} from '../consent/index.ts';
import { runRows, type Sql } from '../database/index.ts';
import { eventRow, storeEvents } from '../events/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { tellSharers } from './shared-sends.store.ts';
import { endRestrictions } from './sql/end-restrictions.ts';
import { writeAsked } from './sql/write-asked.ts';
import { cancelCalls, writeCalls } from './sql/write-calls.ts';
import { writeContacts } from './sql/write-contacts.ts';
import { writeDecisions } from './sql/write-decisions.ts';
import { writeEnrollments } from './sql/write-enrollments.ts';
import { writeMessages } from './sql/write-messages.ts';
import { writeSuppressions } from './sql/write-suppressions.ts';
import { writeWatches } from './sql/write-watches.ts';
import type { ContactChanges } from './world.ts';

/** Writes what a tick decided: at most one statement a table. Sent together: none needs another's answer. */
export async function writeChanges(sql: Sql, changes: readonly ContactChanges[], now: Instant): Promise<void> {
  const messages = changes.flatMap((change) => change.messages);
  const months = new Map(messages.map(({ id, plannedAt }) => [id, monthOf(plannedAt)]));
  const decisions = changes.flatMap((change) => change.decisions);
  await Promise.all([
    runRows(
      sql,
      writeContacts,
      changes.flatMap(({ contact }) => (contact === null ? [] : [contact])),
    ),
    runRows(
      sql,
      writeEnrollments,
      changes.flatMap(({ enrollments }) => enrollments),
    ),
    runRows(
      sql,
      writeWatches,
      changes.flatMap(({ watches }) => watches),
    ),
    runRows(
      sql,
      storeEvents,
      changes.flatMap(({ events }) => events.map(eventRow)),
    ),
    runRows(sql, writeMessages, messages),
    runRows(
      sql,
      writeCalls,
      changes.flatMap(({ calls }) => calls),
    ),
    runRows(
      sql,
      cancelCalls,
      changes.flatMap(({ cancelledCalls }) => cancelledCalls),
    ),
    runRows(
      sql,
      writeSuppressions,
      changes.flatMap(({ contactId, suppressions }) => suppressions.map((one) => ({ ...one, contactId }))),
    ),
    runRows(
      sql,
      endRestrictions,
      changes.filter(({ lifted }) => lifted),
    ),
    runRows(
      sql,
      writeDecisions,
      decisions.map((decision) => ({ ...decision, month: months.get(decision.messageId)! })),
    ),
    runRows(
      sql,
      writeAsked,
      changes.flatMap(({ contactId, asked }) => asked.map((request) => ({ ...request, contactId, askedAt: now }))),
    ),
    writeExpired(sql, changes, now),
    writeRoom(sql, changes, now),
  ]);
}

/** One statement; none where nobody shares the room that was given back, which is nearly always. */
async function writeRoom(sql: Sql, changes: readonly ContactChanges[], now: Instant): Promise<void> {
  await tellSharers(
    sql,
    changes.flatMap(({ contactId, roomFor }) => roomFor.map((other) => ({ other, giver: contactId }))),
    now,
  );
}

/** Into the ledger, unless the person has confirmed or said something else since the state was read. */
async function writeExpired(sql: Sql, changes: readonly ContactChanges[], now: Instant): Promise<void> {
  const ledgers = changes
    .filter(({ expired }) => expired.length > 0)
    .map(({ contactId, expired }) => ({
      contactId,
      told: expired.map(expiryOf),
      onlyIf: (entry: ConsentEntry, states: readonly ConsentState[]) => {
        const state = states.find((each) => sameConsent(each, entry));
        return isRequest(state) && state.requestedAt === entry.requestedAt;
      },
    }));
  await appendUnheld(sql, ledgers, now);
}
