/** Where sample contacts live. */
export interface Place {
  share: number;
  country: string;
  /** Null: only the country is known, as of many real contacts. */
  timezone: string | null;
  locale: string;
  currency: string;
  /** A number nobody can have, from the ranges that regulators keep for fiction; null where there is none. */
  phone: ((n: number) => string) | null;
}

const digits = (n: number, length: number): string => String(n).padStart(length, '0');

/** 06 39 98 00 00 to 99 99 (ARCEP). */
const french = (n: number): string => `+33639980${digits(n % 1000, 3)}`;
/** 07700 900000 to 900999 (Ofcom). */
const british = (n: number): string => `+447700900${digits(n % 1000, 3)}`;
/** 555-0100 to 555-0199 in any area (NANPA). */
const american = (area: string) => (n: number) => `+1${area}55501${digits(n % 100, 2)}`;

export const PLACES: readonly Place[] = [
  { share: 44, country: 'FR', timezone: 'Europe/Paris', locale: 'fr-FR', currency: 'EUR', phone: french },
  { share: 4, country: 'FR', timezone: null, locale: 'fr-FR', currency: 'EUR', phone: french },
  { share: 8, country: 'BE', timezone: 'Europe/Brussels', locale: 'fr-BE', currency: 'EUR', phone: null },
  { share: 5, country: 'CH', timezone: 'Europe/Zurich', locale: 'fr-CH', currency: 'CHF', phone: null },
  { share: 4, country: 'RE', timezone: 'Indian/Reunion', locale: 'fr-FR', currency: 'EUR', phone: null },
  { share: 12, country: 'GB', timezone: 'Europe/London', locale: 'en-GB', currency: 'GBP', phone: british },
  { share: 4, country: 'IE', timezone: 'Europe/Dublin', locale: 'en-IE', currency: 'EUR', phone: null },
  { share: 5, country: 'US', timezone: 'America/New_York', locale: 'en-US', currency: 'USD', phone: american('212') },
  {
    share: 4,
    country: 'US',
    timezone: 'America/Los_Angeles',
    locale: 'en-US',
    currency: 'USD',
    phone: american('213'),
  },
  // One country with several zones and nothing said about which: hours must suit all of them (rule T1).
  { share: 2, country: 'US', timezone: null, locale: 'en-US', currency: 'USD', phone: american('312') },
  { share: 3, country: 'CA', timezone: 'America/Toronto', locale: 'fr-CA', currency: 'CAD', phone: american('514') },
  { share: 3, country: 'JP', timezone: 'Asia/Tokyo', locale: 'en', currency: 'JPY', phone: null },
  { share: 2, country: 'AU', timezone: 'Australia/Sydney', locale: 'en-AU', currency: 'AUD', phone: null },
];
