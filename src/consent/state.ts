import type { Instant } from '../shared/clock.ts';

/** What can be told. */
export const CONSENT_ACTIONS = ['granted', 'withdrawn', 'refused', 'pending'] as const;
/** `expired`: a double opt-in that nobody confirmed in time (rule C4); as if nothing had been said. */
export type ConsentAction = (typeof CONSENT_ACTIONS)[number] | 'expired';

export const LEGAL_BASES = ['consent', 'soft-opt-in', 'contract', 'legitimate-interest'] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];

/** What consent is keyed by, within a contact (rule C1). */
export interface ConsentKey {
  channel: string;
  purpose: string;
  /** Absent where the policy knows no brands. */
  brand?: string | null;
}

/** What a contact said last about one purpose on one channel. Absent means `unknown`, which refuses (rule C1). */
export interface ConsentState extends ConsentKey {
  state: ConsentAction;
  /** When the person said so (not when it was recorded). */
  at: Instant;
  legalBasis: LegalBasis | null;
  /** Of a double opt-in: when it was asked for, which tells one request from the next (rule C4). */
  requestedAt?: Instant | null;
  /** Of one that waits: from when on it can be confirmed no more. */
  expiresAt?: Instant | null;
  /** Of which address (`addressMark`); absent when none was known. */
  addressMark?: string | null;
  /** When the message that asks for the confirmation was planned; not of the ledger, for it is nothing the person said. */
  askedAt?: Instant | null;
}

/** Why something stands against a contact or an address: what came back, what the person said, that it was erased. */
export const SUPPRESSION_REASONS = ['hard-bounce', 'soft-bounces', 'complaint', 'stop', 'objection', 'erased'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** Why a purpose is closed to an address: a person withdrew it by a message that went there (rule C5a). */
export const WITHDRAWN_AT_ADDRESS = 'withdrawn-at-address' as const;

/** Why nothing may be sent to an address, whatever was consented to. */
export interface Suppression {
  /** `*` stands for every channel. */
  channel: string;
  /** The address it holds for, whoever has it; null for every address of the contact. */
  address: string | null;
  /** Whose messages it holds back, of the policy or `*`: a STOP. Absent: whoever sends. */
  sender?: string | null;
  reason: SuppressionReason | typeof WITHDRAWN_AT_ADDRESS;
  /** Of one that was withdrawn at the address (rule C5a): what it closes, and nothing else. */
  purpose?: string | null;
  brand?: string | null;
  at: Instant;
}

/** Whether both are about the same: consent to one brand is none to another. */
export function sameConsent(a: ConsentKey, b: ConsentKey): boolean {
  return a.channel === b.channel && a.purpose === b.purpose && (a.brand ?? '') === (b.brand ?? '');
}

/** Whether both say the same of one request for a double opt-in. */
function isSameRequest(a: ConsentState, b: ConsentState): boolean {
  return a.state === 'pending' && b.state === 'pending' && (a.requestedAt ?? null) === (b.requestedAt ?? null);
}

/**
 * The states after one more entry. What the person said last counts, by the instant at which it was said: an older
 * grant that is recorded late does not undo a withdrawal. At one instant the later recorded one counts.
 */
export function withConsent(states: readonly ConsentState[], entry: ConsentState): ConsentState[] {
  const known = states.find((state) => sameConsent(state, entry));
  if (known === undefined) return [...states, entry];
  if (known.at > entry.at) return [...states];
  // Whoever asks again while a request waits is not written to again.
  const asked = isSameRequest(known, entry) ? known.askedAt : undefined;
  const next = typeof asked === 'number' ? { ...entry, askedAt: asked } : entry;
  return states.map((state) => (state === known ? next : state));
}
