import type { Instant } from '../shared/clock.ts';

/** The contact's own lowering of pressure, from the preference centre. */
export interface OwnLimits {
  maxPerWeek: number | null;
  pauseUntil: Instant | null;
}

/** Milliseconds; the seven days of `maxPerWeek` roll (rule P10). */
export const OWN_WEEK = 7 * 86_400_000;

/** Whether the contact's own limits let one more message leave at `at`, beside what took its room at `sends`. */
export function ownLimitsAllow(
  { maxPerWeek, pauseUntil }: OwnLimits,
  sends: readonly { at: Instant }[],
  at: Instant,
): boolean {
  if (pauseUntil !== null && at < pauseUntil) return false;
  return maxPerWeek === null || sends.filter((send) => send.at > at - OWN_WEEK && send.at <= at).length < maxPerWeek;
}
