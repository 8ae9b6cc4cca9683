import { OBJECTION } from './objection.ts';
import type { ConsentState, Suppression } from './state.ts';

/** Knowing whether one person opened a message is a purpose of its own (rule C7; CNIL deliberation 2026-042). */
export const OPEN_TRACKING = 'open-tracking';

/** Whether this person's opens on the channel may be known now. Nothing said is no. */
export function openTrackingAllowed(consents: readonly ConsentState[], channel: string): boolean {
  return consents.some(
    (consent) => consent.purpose === OPEN_TRACKING && consent.channel === channel && consent.state === 'granted',
  );
}

/**
 * Whether a mail of one brand may tell that it is opened: a consent to another brand is none to this, and whoever objects
 * to direct marketing objects to being profiled for it, whatever was consented to (GDPR Art. 21(2), law L8).
 */
export function pixelAllowed(
  { consents, suppressions }: { consents: readonly ConsentState[]; suppressions: readonly Suppression[] },
  channel: string,
  brand: string | undefined,
): boolean {
  if (suppressions.some(({ reason }) => reason === OBJECTION)) return false;
  return openTrackingAllowed(
    consents.filter((consent) => (consent.brand ?? '') === (brand ?? '')),
    channel,
  );
}
