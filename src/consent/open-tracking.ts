import type { ConsentState } from './state.ts';

/** Knowing whether one person opened a message is a purpose of its own (rule C7; CNIL deliberation 2026-042). */
export const OPEN_TRACKING = 'open-tracking';

/** Whether this person's opens on the channel may be known now. Nothing said is no. */
export function openTrackingAllowed(consents: readonly ConsentState[], channel: string): boolean {
  return consents.some(
    (consent) => consent.purpose === OPEN_TRACKING && consent.channel === channel && consent.state === 'granted',
  );
}
