import { OBJECTION } from './objection.ts';
import type { ConsentState, Suppression } from './state.ts';

/** Knowing whether one person opened a message is a purpose of its own (rule C7; CNIL deliberation 2026-042). */
export const OPEN_TRACKING = 'open-tracking';

/**
 * Whether this person's opens of mails of one brand on the channel may be known now. Nothing said is no, and a consent to
 * another brand is none to this (rule C1).
 * @param brand undefined in a policy without brands
 */
export function openTrackingAllowed(
  consents: readonly ConsentState[],
  channel: string,
  brand: string | undefined,
): boolean {
  return consents.some(
    (consent) =>
      consent.purpose === OPEN_TRACKING &&
      consent.channel === channel &&
      consent.state === 'granted' &&
      (consent.brand ?? '') === (brand ?? ''),
  );
}

/**
 * Whether a mail of one brand may tell that it is opened: whoever objects to direct marketing objects to being profiled for
 * it, whatever was consented to (GDPR Art. 21(2), law L8).
 */
export function pixelAllowed(
  { consents, suppressions }: { consents: readonly ConsentState[]; suppressions: readonly Suppression[] },
  channel: string,
  brand: string | undefined,
): boolean {
  if (suppressions.some(({ reason }) => reason === OBJECTION)) return false;
  return openTrackingAllowed(consents, channel, brand);
}
