import type { Instant } from '../shared/clock.ts';
import { remember } from './remember.ts';
import { isZone } from './zone.ts';

/** Zones of a country whose clocks agree over this time count as one: Germany is not in two zones because of Büsingen. */
const AGREE_FROM: Instant = Date.UTC(2025, 0, 1);
const AGREE_UNTIL: Instant = Date.UTC(2028, 0, 1);
/** Every zone's clock stays unchanged for longer than this. */
const AGREE_STEP = 7 * 86_400_000;

/** What the clock of a zone shows at each of the instants compared. */
function clockOf(zone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  let clock = '';
  for (let at = AGREE_FROM; at < AGREE_UNTIL; at += AGREE_STEP) clock += format.format(at);
  return clock;
}

/** Territories with their own ISO code have their own zones: `FR` is metropolitan France alone. */
const zonesOf = remember(1024, (country: string): readonly string[] => {
  if (!/^[A-Za-z]{2}$/.test(country)) return [];
  // Standardised as a method; Node 20 has it as a property.
  const locale = new Intl.Locale(`und-${country}`) as { timeZones?: string[]; getTimeZones?: () => string[] };
  const distinct = new Map<string, string>();
  const names = locale.getTimeZones?.() ?? locale.timeZones ?? [];
  // Short names first: `America/Buenos_Aires` says more to people than `America/Argentina/La_Rioja`.
  for (const zone of [...names].sort((a, b) => a.split('/').length - b.split('/').length)) {
    const clock = clockOf(zone);
    if (!distinct.has(clock)) distinct.set(clock, zone);
  }
  return [...distinct.values()];
});

/** The time zones of a country (ISO 3166-1 alpha-2), one for each different clock; none when the country is unknown. */
export function countryZones(country: string | null): readonly string[] {
  return country === null ? [] : zonesOf(country);
}

/** Where a contact says it is. */
export interface Whereabouts {
  readonly timezone: string | null;
  readonly country: string | null;
}

/** The zone for a contact's times of day: its own, else its country's when that has a single one, else the policy's. */
export function contactZone(contact: Whereabouts, policyZone: string): string {
  if (contact.timezone !== null && isZone(contact.timezone)) return contact.timezone;
  const zones = countryZones(contact.country);
  return zones.length === 1 ? zones[0]! : policyZone;
}

const alone = remember(4096, (zone: string): readonly string[] => [zone]);

/** The zones in all of which quiet hours must be respected (rule T1): a contact's own, else all of its country's, else the policy's. */
export function contactZones(contact: Whereabouts, policyZone: string): readonly string[] {
  if (contact.timezone !== null && isZone(contact.timezone)) return alone(contact.timezone);
  const zones = countryZones(contact.country);
  return zones.length > 0 ? zones : alone(policyZone);
}
