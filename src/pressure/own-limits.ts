import type { Instant } from '../shared/clock.ts';
import { beganAt, type CountedSend } from './send.ts';

/** The contact's own lowering of pressure, from the preference centre. */
export interface OwnLimits {
  maxPerWeek: number | null;
  pauseUntil: Instant | null;
}

/** Milliseconds; the seven days of `maxPerWeek` roll (rule P10). */
export const OWN_WEEK = 7 * 86_400_000;

/**
 * Whether the contact's own limits let one more message leave at `at`, beside what took its room at `sends`. What only
 * ceilings of the platform count takes none of it, as in the rule itself (rule-set.ts).
 */
export function ownLimitsAllow(
  { maxPerWeek, pauseUntil }: OwnLimits,
  sends: readonly Pick<CountedSend, 'at' | 'from' | 'countsToward'>[],
  at: Instant,
): boolean {
  if (pauseUntil !== null && at < pauseUntil) return false;
  if (maxPerWeek === null) return true;
  return (
    sends.filter((send) => send.countsToward && send.at > at - OWN_WEEK && beganAt(send) <= at).length < maxPerWeek
  );
}
