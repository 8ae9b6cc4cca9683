import type { Instant } from '../shared/clock.ts';

export const CONSENT_ACTIONS = ['granted', 'withdrawn', 'refused', 'pending'] as const;
export type ConsentAction = (typeof CONSENT_ACTIONS)[number];

export const LEGAL_BASES = ['consent', 'soft-opt-in', 'contract', 'legitimate-interest'] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];

/** What a contact said last about one purpose on one channel. Absent means `unknown`, which refuses (rule C1). */
export interface ConsentState {
  channel: string;
  purpose: string;
  state: ConsentAction;
  /** When the person said so (not when it was recorded). */
  at: Instant;
  legalBasis: LegalBasis | null;
}

/** Why nothing may be sent to an address, whatever was consented to: hard bounce, complaint, STOP, objection, erasure. */
export interface Suppression {
  /** `*` stands for every channel. */
  channel: string;
  /** The address it holds for; null for every address of the contact. */
  address: string | null;
  reason: string;
  at: Instant;
}

/**
 * The states after one more entry. What the person said last counts, by the instant at which it was said: an older
 * grant that is recorded late does not undo a withdrawal. At one instant the later recorded one counts.
 */
export function withConsent(states: readonly ConsentState[], entry: ConsentState): ConsentState[] {
  const known = states.find(({ channel, purpose }) => channel === entry.channel && purpose === entry.purpose);
  if (known === undefined) return [...states, entry];
  return known.at > entry.at ? [...states] : states.map((state) => (state === known ? entry : state));
}
