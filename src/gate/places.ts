import { countryZones, isZone, regionCode, contactZones, type HolidayCalendar } from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';

/** What is French overseas, by the first digits of postal codes; the two islands first that share Guadeloupe's. */
const BY_POSTAL_CODE: readonly (readonly [string, string])[] = [
  ['97133', 'BL'],
  ['97150', 'MF'],
  ['971', 'GP'],
  ['972', 'MQ'],
  ['973', 'GF'],
  ['974', 'RE'],
  ['975', 'PM'],
  ['976', 'YT'],
  ['977', 'BL'],
  ['978', 'MF'],
  ['986', 'WF'],
  ['987', 'PF'],
  ['988', 'NC'],
];

const OVERSEAS = new Set(BY_POSTAL_CODE.map(([, country]) => country));
/** France and what is French overseas, by ISO 3166-1. */
export const FRENCH_PLACES: ReadonlySet<string> = new Set(['FR', ...OVERSEAS]);
const OVERSEAS_BY_ZONE = new Map(
  [...OVERSEAS].flatMap((country) => countryZones(country).map((zone) => [zone, country] as const)),
);
/** Zones of France and of what is French overseas. */
export const FRENCH_ZONES: ReadonlySet<string> = new Set([...FRENCH_PLACES].flatMap(countryZones));
/** Departments with holidays of their own: Good Friday and 26 December in Moselle and Alsace. */
const LOCAL_LAW = /^(?:57|67|68)/;

/** Where a contact is, as far as hours and holidays go. */
export interface Places {
  /** Whose public holidays close. */
  holidays: readonly HolidayCalendar[];
  /** Countries that the policy may mean: overseas is France too. */
  countries: ReadonlySet<string>;
  /** Zones in all of which hours must be open (rule T1). */
  zones: readonly string[];
}

/**
 * Where a contact is: its country, else the policy's; within it the region by its attribute `region` (or `address.state`:
 * an ISO 3166-2 code such as `FR-57`, or a name), and in France by its postal code (`postalCode` or
 * `address.postalCode`). Who is in France by the country and overseas by the zone or postal code has the holidays of both.
 */
export function placesOf(contact: Contact, policy: { country: string; timezone: string }): Places {
  const country = contact.country ?? policy.country;
  const written = regionOf(contact);
  const postalCode = country === 'FR' ? postalCodeOf(contact) : null;
  const overseas = country === 'FR' ? overseasOf(contact, written, postalCode) : null;
  const region = overseas === null ? regionIn(country, written, postalCode) : null;
  const home = region === null ? { country } : { country, region };
  const zones = contactZones(contact, policy.timezone);
  return {
    holidays: overseas === null ? [home] : [home, { country: overseas }],
    countries: new Set([country, ...(overseas === null ? [] : [overseas]), ...(OVERSEAS.has(country) ? ['FR'] : [])]),
    zones: overseas === null || ownZone(contact) !== null ? zones : [...new Set([...zones, ...countryZones(overseas)])],
  };
}

/** Whether one and the same contact is in another place after a change: other hours, holidays or calendar days. */
export function isElsewhere(before: Contact, after: Contact): boolean {
  return (
    before.timezone !== after.timezone ||
    before.country !== after.country ||
    regionOf(before) !== regionOf(after) ||
    postalCodeOf(before) !== postalCodeOf(after)
  );
}

function regionIn(country: string, written: string | null, postalCode: string | null): string | null {
  const known = written === null ? null : regionCode(country, written);
  return known ?? (postalCode !== null && LOCAL_LAW.test(postalCode) ? postalCode.slice(0, 2) : null);
}

/** The contact's own zone; null when it has none that exists. */
export function ownZone({ timezone }: Contact): string | null {
  return timezone !== null && isZone(timezone) ? timezone : null;
}

function overseasOf(contact: Contact, region: string | null, postalCode: string | null): string | null {
  const zone = ownZone(contact);
  const code = region?.toUpperCase().replace(/^FR-/, '');
  return (
    (zone === null ? undefined : OVERSEAS_BY_ZONE.get(zone)) ??
    (code !== undefined && OVERSEAS.has(code) ? code : undefined) ??
    BY_POSTAL_CODE.find(([digits]) => postalCode?.startsWith(digits))?.[1] ??
    null
  );
}

const postalCodeOf = (contact: Contact): string | null => textOf(contact, 'postalCode', 'postalCode');
const regionOf = (contact: Contact): string | null => textOf(contact, 'region', 'state');

/** An attribute, or the same within the trait `address` as Segment's specification has it. */
function textOf({ attributes }: Contact, name: string, within: string): string | null {
  const address = attributes['address'];
  const nested = address !== null && typeof address === 'object' ? (address as Record<string, unknown>)[within] : null;
  for (const value of [attributes[name], nested]) {
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number') return String(value);
  }
  return null;
}
