/** Names of places and languages as contacts carry them, brought to one spelling by the ECMA-402 data of the runtime. */

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** What the data knows beside countries: groups of countries, test regions, "unknown". */
const NOT_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** ISO 3166-1 alpha-2 in upper case; null when no country has this code. Withdrawn and unofficial codes (`UK`) have none. */
export function canonicalCountry(text: string): string | null {
  if (!/^[A-Za-z]{2}$/.test(text)) return null;
  const code = text.toUpperCase();
  if (NOT_COUNTRIES.has(code) || regionNames.of(code) === undefined) return null;
  return new Intl.Locale(`und-${code}`).region === code ? code : null;
}

/** A BCP 47 tag in its canonical spelling (`fr_fr` and `FR-fr` become `fr-FR`); null when it is none. */
export function canonicalLocale(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

const zoneNames = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));
/** Spellings seen that the list lacks (aliases such as `Asia/Kolkata`); bounded, for they come from outside. */
const LARGEST_MEMORY = 2_000;

/**
 * An IANA time zone in its usual spelling; null when there is none of this name. An alias stays the alias:
 * `Asia/Kolkata` is what people there call it, whatever the data calls canonical. Offsets such as `+02:00` are no zones.
 */
export function canonicalTimezone(text: string): string | null {
  const key = text.toLowerCase();
  const known = zoneNames.get(key);
  if (known !== undefined) return known;
  if (!/^[a-z][a-z0-9_+-]*(\/[a-z0-9_+-]+)*$/.test(key)) return null;
  try {
    // Throws a RangeError for a name that is no zone.
    Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    return null;
  }
  const spelled = spell(key);
  if (zoneNames.size < LARGEST_MEMORY) zoneNames.set(key, spelled);
  return spelled;
}

/** Areas and cities are capitalised (`America/Port_of_Spain`), abbreviations are upper case (`UTC`, `EST5EDT`). */
function spell(key: string): string {
  if (!key.includes('/')) return key.length <= 3 || /\d/.test(key) ? key.toUpperCase() : capitalised(key);
  return key
    .split('/')
    .map((part) =>
      part.length === 2 || /^(gmt|utc|uct)/.test(part)
        ? part.toUpperCase()
        : part
            .split(/([_-])/)
            .map(capitalised)
            .join(''),
    )
    .join('/');
}

const SMALL_WORDS = new Set(['of', 'es', 'au', 'and']);
const capitalised = (word: string): string =>
  SMALL_WORDS.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1);
