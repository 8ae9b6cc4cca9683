import type { Contact } from './contact.ts';
import { normaliseTraits } from './traits.ts';

/** What a device says of itself in the context of an event. */
export interface Device {
  timezone?: string | null;
  locale?: string | null;
}

/**
 * The traits that an event's context gives a contact: what nobody has told of it, as far as it can be read; null for
 * none. What is known stays: the device may be somebody else's, or on a journey.
 */
export function missingTraits(contact: Contact, device: Device | undefined): Record<string, unknown> | null {
  if (device === undefined || (contact.timezone !== null && contact.locale !== null)) return null;
  const missing = {
    ...(contact.timezone === null && device.timezone && { timezone: device.timezone }),
    ...(contact.locale === null && device.locale && { locale: device.locale }),
  };
  const { traits } = normaliseTraits(missing);
  return Object.keys(traits).length === 0 ? null : traits;
}
