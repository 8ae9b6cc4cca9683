import { contactZones, countryZones, isZone } from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Message } from './message.ts';
import type { Opening } from './openings.ts';
import { weeklyWindow } from './policy.ts';
import type { PolicyVersion } from './policy.ts';

/** France and what is French overseas, by the country codes of phone numbers; one code can serve several places. */
const PLACES_BY_PREFIX: Readonly<Record<string, readonly string[]>> = {
  '+33': ['FR'],
  '+262': ['RE', 'YT'],
  '+508': ['PM'],
  '+590': ['GP', 'BL', 'MF'],
  '+594': ['GF'],
  '+596': ['MQ'],
  '+681': ['WF'],
  '+687': ['NC'],
  '+689': ['PF'],
};
const FRENCH_PLACES = new Set(Object.values(PLACES_BY_PREFIX).flat());

/** What no policy can widen. */
const LEGAL_HOURS = 'Mon-Sat 08:00-22:00';
const LEGAL_WINDOW = weeklyWindow(LEGAL_HOURS);

function placesOfNumber(phone: string | null): readonly string[] {
  if (phone === null) return [];
  return PLACES_BY_PREFIX[phone.slice(0, 3)] ?? PLACES_BY_PREFIX[phone.slice(0, 4)] ?? [];
}

/** Advertising, whatever the policy calls the category: what needs consent is advertising too. */
const isMarketing = (message: Message): boolean => message.category === 'marketing' || message.needsConsent;

/**
 * The hours of marketing SMS to French numbers or contacts in France: never on Sunday or a public holiday, never
 * outside 08:00-22:00, whatever the policy says (rule T3). None for other messages.
 * Without a zone of its own, a contact is judged by its country's zone and by those the number may be in.
 */
export function frenchSmsHours(message: Message, contact: Contact, policy: PolicyVersion): Opening[] {
  if (message.channel !== 'sms' || !isMarketing(message)) return [];
  const country = contact.country ?? policy.policy.country;
  const places = new Set(placesOfNumber(contact.phone));
  if (FRENCH_PLACES.has(country)) places.add(country);
  if (places.size === 0) return [];

  let zones = contactZones(contact, policy.policy.timezone);
  if (contact.timezone === null || !isZone(contact.timezone))
    zones = [...new Set([...zones, ...[...places].flatMap(countryZones)])];
  // Days off of all France hold overseas too, beside the place's own.
  return [...new Set(['FR', ...places])].map((place) => ({
    window: LEGAL_WINDOW,
    hours: LEGAL_HOURS,
    zones,
    holidays: { country: place },
  }));
}
