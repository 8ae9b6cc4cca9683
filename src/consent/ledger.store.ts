import type { Sql } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { holdContact } from './contact-lock.store.ts';
import { chain, type ConsentEntry, type LedgerEntry } from './entry.ts';
import { appendEntries, chainOf, lastEntry, statesOf, writeStates } from './sql/append-entries.ts';
import { withConsent, type ConsentState } from './state.ts';

/** Something said; `at` null means now. */
export type Told = Omit<ConsentEntry, 'at'> & { at: Instant | null };

/**
 * Appends what a contact said, and brings the state up to it. Inside a transaction, whose commit is the instant from
 * which it holds: hand-overs under way are waited for (rule D4). `onlyIf` sees the states under the lock and may
 * decline. What is said now comes after all that is known, also when that was recorded by a process whose clock runs
 * ahead: otherwise a withdrawal would be lost. Returns what was appended.
 */
export async function appendToLedger(
  sql: Sql,
  contactId: Id,
  told: readonly Told[],
  recordedAt: Instant,
  onlyIf: (entry: ConsentEntry, states: readonly ConsentState[]) => boolean = () => true,
): Promise<LedgerEntry[]> {
  await holdContact(sql, contactId);
  const key = [laneOf(contactId), contactId];
  const before = (await sql.run(statesOf, key)) as ConsentState[];
  const entries = told.map((entry) => ({ ...entry, at: entry.at ?? laterThanKnown(before, entry, recordedAt) }));
  const accepted = entries.filter((entry) => onlyIf(entry, before));
  if (accepted.length === 0) return [];
  const [last] = await sql.run(lastEntry, key);
  const appended = chain(contactId, last ?? null, accepted, recordedAt);
  const lane = laneOf(contactId);
  const rows = appended.map(({ source, ...entry }) => ({
    ...entry,
    lane,
    sourceKind: source.kind,
    sourceReference: source.reference,
  }));
  await sql.run(appendEntries, [JSON.stringify(rows)]);
  const states = accepted.reduce<ConsentState[]>(
    (known, { channel, purpose, action: state, at, legalBasis }) =>
      withConsent(known, { channel, purpose, state, at, legalBasis }),
    [],
  );
  await sql.run(writeStates, [JSON.stringify(states.map((state) => ({ ...state, lane, contactId })))]);
  return appended;
}

function laterThanKnown(states: readonly ConsentState[], { channel, purpose }: Told, now: Instant): Instant {
  const known = states.find((state) => state.channel === channel && state.purpose === purpose);
  return Math.max(now, known?.at ?? now);
}

/** A contact's whole chain, first entry first. */
export async function ledgerOf(sql: Sql, contactId: Id): Promise<LedgerEntry[]> {
  const rows = await sql.run(chainOf, [laneOf(contactId), contactId]);
  return rows.map(({ sourceKind: kind, sourceReference: reference, ...row }) => ({
    ...row,
    source: { kind, reference },
  }));
}
