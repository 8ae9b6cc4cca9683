import type { Instant } from '../shared/clock.ts';
import type { LedgerEntry } from './entry.ts';
import { sameConsent, type ConsentAction } from './state.ts';

/** How things stood at an instant for one channel, purpose and brand, with the entry that proves it (GDPR Art. 7(1)). */
export interface Standing {
  state: Exclude<ConsentAction, 'expired'> | 'unknown';
  /** Since when without a break. */
  since: Instant;
  /** The word that counts: who said what, when, how, in which words. */
  proof: LedgerEntry;
}

/**
 * What a contact had said by an instant, from its ledger (rule C1, law L7). What was said earlier and recorded later
 * counts, as it does for the state of now; when it was recorded is in the proof. In the order of first mention.
 */
export function standingsAt(ledger: readonly LedgerEntry[], at: Instant): Standing[] {
  const standings: Standing[] = [];
  // What was said last counts; at one instant, what was recorded last.
  for (const entry of ledger.toSorted((a, b) => a.at - b.at || a.ordinal - b.ordinal)) {
    if (entry.at > at) break;
    const state = entry.action === 'expired' ? 'unknown' : entry.action;
    const known = standings.find(({ proof }) => sameConsent(proof, entry));
    if (known === undefined) standings.push({ state, since: entry.at, proof: entry });
    else {
      if (known.state !== state) known.since = entry.at;
      Object.assign(known, { state, proof: entry });
    }
  }
  return standings.map((standing) => lapsed(standing, at));
}

/** A request whose time is over waits no more, also before that is written down (rule C4). */
function lapsed(standing: Standing, at: Instant): Standing {
  const { expiresAt } = standing.proof;
  if (standing.state !== 'pending' || typeof expiresAt !== 'number' || expiresAt > at) return standing;
  return { ...standing, state: 'unknown', since: expiresAt };
}
