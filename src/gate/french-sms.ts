import { countryZones } from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';
import { isAdvertising } from './direct-marketing.ts';
import type { Message } from './message.ts';
import type { Opening } from './openings.ts';
import { FRENCH_PLACES, FRENCH_ZONES, ownZone, type Places } from './places.ts';
import { weeklyWindow } from './policy.ts';

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

/** What no policy can widen. */
const LEGAL_HOURS = 'Mon-Sat 08:00-22:00';
const LEGAL_WINDOW = weeklyWindow(LEGAL_HOURS);

function placesOfNumber(phone: string | null): readonly string[] {
  if (phone === null) return [];
  return PLACES_BY_PREFIX[phone.slice(0, 3)] ?? PLACES_BY_PREFIX[phone.slice(0, 4)] ?? [];
}

/**
 * The hours of marketing SMS to French numbers or contacts in France: never on Sunday or a public holiday, never
 * outside 08:00-22:00, whatever the policy says (rule T3). None for other messages.
 *
 * The strict reading, because sources disagree (law L6): a French number is held to them whatever country the contact is
 * in, and where the contact's own clock is not that of the place the number belongs to, both must be open. A mobile number
 * of the mainland (`+33`) is used overseas too, so there the contact's own clock is enough.
 */
export function frenchSmsHours(message: Message, contact: Contact, places: Places): Opening[] {
  if (message.channel !== 'sms' || !isAdvertising(message)) return [];
  const numbers = narrowed(placesOfNumber(contact.phone), contact);
  const french = places.holidays.filter(({ country }) => FRENCH_PLACES.has(country));
  if (numbers.length === 0 && french.length === 0) return [];

  const own = ownZone(contact);
  const settled = own !== null && (numbers.includes('FR') ? FRENCH_ZONES.has(own) : isClockOf(numbers, own));
  const there = [...numbers, ...(own === null ? french.map(({ country }) => country) : [])];
  const zones = settled ? [own] : [...new Set([...places.zones, ...there.flatMap(countryZones)])];
  // Days off of all France hold overseas too, beside the place's own.
  const countries = new Set(['FR', ...numbers].filter((place) => french.every(({ country }) => country !== place)));
  return [...french, ...[...countries].map((country) => ({ country }))].map((holidays) => ({
    window: LEGAL_WINDOW,
    hours: LEGAL_HOURS,
    zones,
    holidays,
  }));
}

/** Of the places that a number may be in the one where the contact is known to be; all of them when it is in none. */
function narrowed(numbers: readonly string[], contact: Contact): readonly string[] {
  const zone = ownZone(contact);
  const known = numbers.filter(
    (place) => place === contact.country || (zone !== null && countryZones(place).includes(zone)),
  );
  return known.length === 0 ? numbers : known;
}

/** No number at all is of no other clock. */
const isClockOf = (places: readonly string[], zone: string): boolean =>
  places.length === 0 || places.some((place) => countryZones(place).includes(zone));
