import { plainArray, type Sql } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { holdChains, holdContacts } from './contact-lock.store.ts';
import { chain, stateOf, statesAfter, type ConsentEntry, type LedgerEntry } from './entry.ts';
import {
  appendEntries,
  chainPage,
  chainsOf,
  lastEntries,
  statesOf,
  writeHeads,
  writeStates,
  type ChainRow,
} from './sql/append-entries.ts';
import { sameConsent, withConsent, type ConsentState } from './state.ts';
import { liftAtAddresses } from './withdrawn-address.store.ts';

/** Something said; `at` null means now. */
export type Told = Omit<ConsentEntry, 'at'> & { at: Instant | null };

/**
 * What one contact said; `onlyIf` sees the states under the lock and may decline an entry, `become` says what an entry
 * that is accepted is written as.
 */
export interface ToldBy {
  contactId: Id;
  told: readonly Told[];
  onlyIf?: (entry: ConsentEntry, states: readonly ConsentState[]) => boolean;
  become?: (entry: ConsentEntry, states: readonly ConsentState[]) => readonly ConsentEntry[];
}

/**
 * Appends what a contact said, and brings the state up to it. Inside a transaction, whose commit is the instant from
 * which it holds: hand-overs under way are waited for (rule D4). What is said now comes after all that is known, also
 * when that was recorded by a process whose clock runs ahead: otherwise a withdrawal would be lost. Returns what was
 * appended.
 */
export function appendToLedger(
  sql: Sql,
  contactId: Id,
  told: readonly Told[],
  recordedAt: Instant,
  onlyIf?: ToldBy['onlyIf'],
): Promise<LedgerEntry[]> {
  return appendToLedgers(sql, [{ contactId, told, onlyIf }], recordedAt);
}

/** The same for many contacts at once, each named once, in a fixed number of statements. */
export async function appendToLedgers(
  sql: Sql,
  ledgers: readonly ToldBy[],
  recordedAt: Instant,
): Promise<LedgerEntry[]> {
  if (ledgers.length === 0) return [];
  await holdContacts(
    sql,
    ledgers.map(({ contactId }) => contactId),
  );
  return appendUnheld(sql, ledgers, recordedAt);
}

/**
 * The same for what no hand-over has to be waited for, because it takes nothing away that one could need: the engine holds
 * lanes meanwhile, and must not wait for providers.
 */
export async function appendUnheld(sql: Sql, ledgers: readonly ToldBy[], recordedAt: Instant): Promise<LedgerEntry[]> {
  if (ledgers.length === 0) return [];
  const ids = ledgers.map(({ contactId }) => contactId);
  await holdChains(sql, ids);
  const keys = [plainArray(ids.map(laneOf)), plainArray(ids)];
  const states = await sql.run(statesOf, keys);
  const accepted = ledgers
    .map((ledger) => ({
      contactId: ledger.contactId,
      entries: acceptedOf(
        ledger,
        states.filter((state) => state.contactId === ledger.contactId),
        recordedAt,
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
  if (accepted.length === 0) return [];
  const last = new Map((await sql.run(lastEntries, keys)).map((row) => [row.contactId, row]));
  const appended = accepted.map(({ contactId, entries }) =>
    chain(contactId, last.get(contactId) ?? null, entries, recordedAt),
  );
  await writeLedgers(sql, appended);
  return appended.flat();
}

function acceptedOf(
  { told, onlyIf = () => true, become = (entry) => [entry] }: ToldBy,
  before: readonly ConsentState[],
  recordedAt: Instant,
): ConsentEntry[] {
  const accepted: ConsentEntry[] = [];
  let states = before;
  for (const one of told) {
    const entry = { ...one, at: one.at ?? laterThanKnown(before, one, recordedAt) };
    if (!onlyIf(entry, states)) continue;
    for (const written of become(entry, states)) {
      accepted.push(written);
      states = withConsent(states, stateOf(written));
    }
  }
  return accepted;
}

function laterThanKnown(states: readonly ConsentState[], entry: Told, now: Instant): Instant {
  const known = states.find((state) => sameConsent(state, entry));
  return Math.max(now, known?.at ?? now);
}

/** Writes new ends of chains, each of one contact and not empty, with what follows from them. Under the contacts' locks. */
export async function writeLedgers(sql: Sql, chains: readonly (readonly LedgerEntry[])[]): Promise<void> {
  const entries = chains.flat().map(({ source, ...entry }) => ({
    ...entry,
    lane: laneOf(entry.contactId),
    sourceKind: source.kind,
    sourceReference: source.reference,
  }));
  const states = chains.flatMap((added) => {
    const { contactId } = added[0]!;
    return statesAfter(added).map((state) => ({ ...state, lane: laneOf(contactId), contactId }));
  });
  const heads = chains.map((added) => {
    const { contactId, ordinal, hash } = added.at(-1)!;
    return { lane: laneOf(contactId), contactId, ordinal, hash };
  });
  await sql.run(appendEntries, [JSON.stringify(entries)]);
  await sql.run(writeStates, [JSON.stringify(states)]);
  await sql.run(writeHeads, [JSON.stringify(heads)]);
  await liftAtAddresses(
    sql,
    chains.flat().filter(({ action }) => action === 'granted'),
  );
}

/** A contact's whole chain, first entry first. */
export async function ledgerOf(sql: Sql, contactId: Id): Promise<LedgerEntry[]> {
  return (await sql.run(chainsOf, [[laneOf(contactId)], [contactId]])).map(entryOf);
}

/** Part of a contact's chain: at most `most` entries after an ordinal. */
export async function ledgerPage(sql: Sql, contactId: Id, after: number, most: number): Promise<LedgerEntry[]> {
  return (await sql.run(chainPage, [laneOf(contactId), contactId, after, most])).map(entryOf);
}

/** A row of the table as an entry. */
export function entryOf({
  sourceKind: kind,
  sourceReference: reference,
  brand,
  requestedAt,
  expiresAt,
  addressMark,
  lane: _lane,
  exact: _exact,
  ...row
}: ChainRow): LedgerEntry {
  return {
    ...row,
    ...(brand !== null && { brand }),
    ...(requestedAt !== null && { requestedAt }),
    ...(expiresAt !== null && { expiresAt }),
    ...(addressMark !== null && { addressMark }),
    source: { kind, reference },
  };
}
