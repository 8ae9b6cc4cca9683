import type { Instant } from '../shared/clock.ts';
import { canonicalJson, sha256 } from '../shared/hash.ts';
import type { Id } from '../shared/ids.ts';
import { withConsent, type ConsentAction, type ConsentKey, type ConsentState, type LegalBasis } from './state.ts';

/** What the ledger keeps of one thing a person said (rule C2, GDPR Art. 7(1)): who, when, what, how, in which words. */
export interface ConsentEntry extends ConsentKey {
  action: ConsentAction;
  /** When the person said so. */
  at: Instant;
  legalBasis: LegalBasis | null;
  source: {
    /** How: `form`, `import`, `one-click`, `unsubscribe-page`… */
    kind: string;
    /** Where: the form, the file, the message. */
    reference: string | null;
  };
  /** Which words the person saw. */
  textVersion: string | null;
  text: string | null;
  ip: string | null;
  userAgent: string | null;
  /** Of a double opt-in that was confirmed: when it was asked for; `at` is when it was confirmed (rule C4, law L22). */
  requestedAt?: Instant | null;
  /** Of a double opt-in that waits for its confirmation: from when on it can be confirmed no more. */
  expiresAt?: Instant | null;
  /** Of which address a double opt-in was asked for or confirmed (`addressMark`). */
  addressMark?: string | null;
}

/** An entry in its place in a contact's chain. */
export interface LedgerEntry extends ConsentEntry {
  contactId: Id;
  /** 1 for the contact's first. */
  ordinal: number;
  recordedAt: Instant;
  /** Of the entry before; empty for the first. */
  previousHash: string;
  hash: string;
}

/** SHA-256 over everything in the row but the hash itself: a changed, moved or missing row breaks the chain behind it. */
export function entryHash(entry: Omit<LedgerEntry, 'hash'>): string {
  // Named one by one: a field added to the type later must not silently change the hash of what is written already.
  return sha256(
    canonicalJson({
      contactId: entry.contactId,
      ordinal: entry.ordinal,
      recordedAt: entry.recordedAt,
      previousHash: entry.previousHash,
      channel: entry.channel,
      purpose: entry.purpose,
      action: entry.action,
      at: entry.at,
      legalBasis: entry.legalBasis,
      source: { kind: entry.source.kind, reference: entry.source.reference },
      textVersion: entry.textVersion,
      text: entry.text,
      ip: entry.ip,
      userAgent: entry.userAgent,
      // Only when there is one: entries were written before there were any.
      ...(typeof entry.brand === 'string' && { brand: entry.brand }),
      ...(typeof entry.requestedAt === 'number' && { requestedAt: entry.requestedAt }),
      ...(typeof entry.expiresAt === 'number' && { expiresAt: entry.expiresAt }),
      ...(typeof entry.addressMark === 'string' && { addressMark: entry.addressMark }),
    }),
  );
}

/** Appends entries to a chain whose last entry is `last`. */
export function chain(
  contactId: Id,
  last: { ordinal: number; hash: string } | null,
  entries: readonly ConsentEntry[],
  recordedAt: Instant,
): LedgerEntry[] {
  let { ordinal, hash: previousHash } = last ?? { ordinal: 0, hash: '' };
  return entries.map((entry) => {
    ordinal += 1;
    const unsigned = { ...entry, contactId, ordinal, recordedAt, previousHash };
    previousHash = entryHash(unsigned);
    return { ...unsigned, hash: previousHash };
  });
}

/** The first entry of a contact's chain that is not what was written, by ordinal; null when the chain is whole. */
export function brokenAt(entries: readonly LedgerEntry[]): number | null {
  let previousHash = '';
  for (const [index, entry] of entries.entries()) {
    const { hash, ...unsigned } = entry;
    if (entry.ordinal !== index + 1 || entry.previousHash !== previousHash || entryHash(unsigned) !== hash)
      return index + 1;
    previousHash = hash;
  }
  return null;
}

/** What one entry says, when it is the last word. */
export function stateOf({
  channel,
  purpose,
  brand,
  action: state,
  at,
  legalBasis,
  ...entry
}: ConsentEntry): ConsentState {
  const { requestedAt, expiresAt, addressMark } = entry;
  return {
    channel,
    purpose,
    ...(typeof brand === 'string' && { brand }),
    state,
    at,
    legalBasis,
    ...(typeof requestedAt === 'number' && { requestedAt }),
    ...(typeof expiresAt === 'number' && { expiresAt }),
    ...(typeof addressMark === 'string' && { addressMark }),
  };
}

/** What stands after all entries of a ledger. */
export function statesAfter(entries: readonly ConsentEntry[]): ConsentState[] {
  return entries.reduce<ConsentState[]>((states, entry) => withConsent(states, stateOf(entry)), []);
}
