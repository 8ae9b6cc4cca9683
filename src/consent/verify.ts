import { laneOf, type Id } from '../shared/ids.ts';
import { entryHash, statesAfter, type LedgerEntry } from './entry.ts';
import { sameConsent, type ConsentState } from './state.ts';

/**
 * changed: the row is not what was written, or not in its place. missing: there was an entry, and it is gone.
 * head: where the chain ends was changed. state: the gate is told something else than the ledger says.
 */
export type FlawKind = 'changed' | 'missing' | 'head' | 'state';

/** One broken row. */
export interface Flaw {
  contactId: Id;
  /** Of the entry; 0 for a state that no entry led to. */
  ordinal: number;
  kind: FlawKind;
  /** What is wrong, for people. */
  message: string;
}

/** All that is kept of one contact's consent in one lane, as it was found. */
export interface KeptConsent {
  lane: number;
  contactId: Id;
  /** By ordinal. `exact`: its instants are whole milliseconds, as the service writes them. */
  entries: readonly { entry: LedgerEntry; exact: boolean }[];
  head: { ordinal: number; hash: string } | null;
  states: readonly ConsentState[];
}

/**
 * Everything that is wrong with what is kept of one contact (rule C2): a changed, moved or missing entry, also the
 * last one, and a state that is not what the ledger says. Empty when all is whole.
 */
export function flawsOf(kept: KeptConsent): Flaw[] {
  const { contactId, lane } = kept;
  const flaws: Flaw[] = [];
  const report = (ordinal: number, kind: FlawKind, message: string): void => {
    if (kind === 'state' || !flaws.some((known) => known.ordinal === ordinal && known.kind === kind))
      flaws.push({ contactId, ordinal, kind, message });
  };
  if (laneOf(contactId) !== lane) {
    const found = Math.max(1, kept.entries.length);
    for (let place = 0; place < found; place += 1) {
      const ordinal = kept.entries[place]?.entry.ordinal ?? 0;
      report(ordinal, 'changed', `is in lane ${lane}, which is not this contact's`);
    }
    return flaws;
  }
  lookAtChain(kept, report);
  lookAtHead(kept, report);
  lookAtStates(kept, report);
  return flaws;
}

type Report = (ordinal: number, kind: FlawKind, message: string) => void;

function lookAtChain({ entries }: KeptConsent, report: Report): void {
  let before: LedgerEntry | null = null;
  for (const { entry, exact } of entries) {
    const expected = (before?.ordinal ?? 0) + 1;
    for (let ordinal = expected; ordinal < entry.ordinal && ordinal < expected + MOST_NAMED; ordinal += 1)
      report(ordinal, 'missing', 'is missing');
    const { hash, ...unsigned } = entry;
    const whole = exact && entryHash(unsigned) === hash;
    if (!whole || entry.ordinal < 1) report(entry.ordinal, 'changed', 'is not what was written');
    else if (entry.ordinal === expected && entry.previousHash !== (before?.hash ?? '')) {
      // This row is as it was written, so it is the one before that was put in another's place.
      if (before === null) report(entry.ordinal, 'changed', 'is not the first that was written');
      else report(before.ordinal, 'changed', 'is not the one that was written here');
    }
    before = entry;
  }
}

/** A gap made by a number that was changed may be wide. */
const MOST_NAMED = 100;

function lookAtHead({ entries, head }: KeptConsent, report: Report): void {
  const last = entries.at(-1)?.entry ?? null;
  if (head === null) {
    if (last !== null) report(last.ordinal, 'head', 'where the chain ends is not known any more');
    return;
  }
  const end = last?.ordinal ?? 0;
  for (let ordinal = end + 1; ordinal <= head.ordinal && ordinal <= end + MOST_NAMED; ordinal += 1)
    report(ordinal, 'missing', 'is missing from the end');
  if (last === null || head.ordinal > end) return;
  if (head.ordinal < end) report(last.ordinal, 'head', `the chain should end at entry ${head.ordinal}`);
  else if (head.hash !== last.hash) report(last.ordinal, 'head', 'the chain should end with another hash');
}

function lookAtStates({ entries, states }: KeptConsent, report: Report): void {
  const ledger = entries.map(({ entry }) => entry);
  const expected = statesAfter(ledger);
  for (const state of expected) {
    const ordinal = ledger.findLast((entry) => sameConsent(entry, state) && entry.at === state.at)?.ordinal ?? 0;
    const found = states.find((one) => sameConsent(one, state));
    const about = nameOf(state);
    if (found === undefined)
      report(ordinal, 'state', `the state of ${about} is missing: the ledger says ${state.state}`);
    else if (differ(found, state))
      report(ordinal, 'state', `the state of ${about} is ${found.state}, the ledger says ${state.state}`);
  }
  for (const state of states)
    if (!expected.some((one) => sameConsent(one, state)))
      report(0, 'state', `the state of ${nameOf(state)} is ${state.state}, the ledger says nothing of it`);
}

function differ(a: ConsentState, b: ConsentState): boolean {
  return (['state', 'at', 'legalBasis', 'requestedAt', 'expiresAt', 'addressMark'] as const).some(
    (field) => (a[field] ?? null) !== (b[field] ?? null),
  );
}

function nameOf({ channel, purpose, brand }: ConsentState): string {
  return [channel, purpose, brand].filter(Boolean).join(' ');
}
