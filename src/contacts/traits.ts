import { contactZone, dateOf, instantOf, MOMENT_FORMS, readMoment, type Moment } from '../calendar/index.ts';
import { canonicalEmail, canonicalPhone, type AddressReading } from '../shared/address.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { RESERVED_TRAITS, type Contact, type ReservedTrait } from './contact.ts';
import { canonicalCountry, canonicalLocale, canonicalTimezone } from './places.ts';

export interface NormalisedTraits {
  /** Same keys, reserved ones in their stored form; `null` clears a field. A trait at fault is left out. */
  traits: Record<string, unknown>;
  faults: Fault[];
}

/** Stored forms are made here, and of addresses in `address.ts`. */
type Reader = (raw: unknown, country: string | null) => AddressReading;

const momentOf = (raw: unknown): Moment | null => readMoment(typeof raw === 'string' ? raw.trim() : raw);

const LONGEST_NAME = 200;

const readEmail: Reader = (raw) =>
  typeof raw === 'string'
    ? canonicalEmail(raw)
    : { message: 'An email is a text.', hint: 'write one address such as ada@example.com, or null to clear it' };

const readPhone: Reader = (raw, country) =>
  typeof raw === 'string'
    ? canonicalPhone(raw, country)
    : {
        message: 'A phone number is a text.',
        hint: 'write it with its country code, such as +33612345678, or send the trait country beside it',
      };

const readName: Reader = (raw) => {
  const hint = `write a text of at most ${LONGEST_NAME} characters on one line, or null to clear it`;
  if (typeof raw !== 'string') return { message: 'A name is a text.', hint };
  const text = raw.trim();
  if (text.length > LONGEST_NAME) return { message: `A name of ${text.length} characters is too long.`, hint };
  return /\p{Cc}/u.test(text) ? { message: 'A name has no line breaks or control characters.', hint } : { value: text };
};

/** Midnight UTC of a day of birth is what `Date` makes of a date alone, and stands for that date wherever one is. */
const isDateAlone = (at: Instant): boolean => at % 86_400_000 === 0;

/** Another instant stays one here: whose day it is depends on the contact's zone (rule T9), which `applyTraits` knows. */
const readBirthday: Reader = (raw) => {
  const moment = momentOf(raw);
  if (moment === null)
    return {
      message: `"${shorten(raw)}" is not a day of birth.`,
      hint: 'write YYYY-MM-DD, or --MM-DD when the year is not known',
    };
  const isInstant = moment.kind === 'instant' && !isDateAlone(moment.at);
  return { value: isInstant ? formatInstant(moment.at) : dateOf(moment, 'UTC') };
};

/** A date or a local time stays as it is: when it began depends on the contact's zone, which `applyTraits` knows. */
const readCreatedAt: Reader = (raw) => {
  const moment = momentOf(raw);
  if (moment === null || moment.kind === 'yearless')
    return { message: `"${shorten(raw)}" is not an instant.`, hint: MOMENT_FORMS };
  return { value: moment.kind === 'instant' ? formatInstant(moment.at) : String(raw).trim() };
};

const oneOf =
  (what: string, hint: string, canonical: (text: string) => string | null): Reader =>
  (raw) => {
    const value = typeof raw === 'string' ? canonical(raw.trim()) : null;
    return value === null ? { message: `"${shorten(raw)}" is not ${what}.`, hint } : { value };
  };

const READERS: Record<ReservedTrait, Reader> = {
  email: readEmail,
  phone: readPhone,
  firstName: readName,
  lastName: readName,
  birthday: readBirthday,
  locale: oneOf('a locale', 'write a BCP 47 tag, such as fr-FR', canonicalLocale),
  timezone: oneOf('a time zone', 'write an IANA name, such as Europe/Paris', canonicalTimezone),
  country: oneOf(
    'a country',
    'write its ISO 3166-1 alpha-2 code, such as FR (GB for the United Kingdom)',
    canonicalCountry,
  ),
  createdAt: readCreatedAt,
};

/**
 * Checks the reserved traits of an `identify` and brings them to the form they are stored in; the others pass as
 * they are. `null` clears a field. A phone number without country code is read with the country among the same
 * traits; the country already known of the contact is not looked up, so that ingest reads nothing.
 * Faults have the trait's name as `path`.
 */
export function normaliseTraits(traits: Record<string, unknown>): NormalisedTraits {
  const out: Record<string, unknown> = { ...traits };
  const faults: Fault[] = [];
  const country = typeof traits.country === 'string' ? canonicalCountry(traits.country.trim()) : null;
  for (const trait of RESERVED_TRAITS) {
    const raw = traits[trait];
    if (raw === undefined || raw === null) continue;
    const reading = READERS[trait](raw, country);
    if (reading.value !== undefined) {
      out[trait] = reading.value;
    } else {
      delete out[trait];
      faults.push({ code: 'invalid-trait', severity: 'error', path: trait, ...reading });
    }
  }
  return { traits: out, faults };
}

/** A contact nothing is known of yet. `userId` is null for a visitor known only by an anonymous id. */
export function newContact(id: Id, userId: string | null, at: Instant): Contact {
  return {
    id,
    userId,
    email: null,
    phone: null,
    firstName: null,
    lastName: null,
    birthday: null,
    locale: null,
    timezone: null,
    country: null,
    createdAt: at,
    attributes: {},
  };
}

/**
 * The contact after an `identify` with these traits, which must have passed `normaliseTraits`. Traits not named stay;
 * null removes; what has no field of its own is an attribute. `createdAt` cannot be removed: null leaves it. A birthday
 * told as an instant is its date by the contact's clock, as these traits leave it; `zone` is that of a contact without
 * one. The argument is not changed; it is returned itself when the traits say nothing new.
 */
export function applyTraits(contact: Contact, traits: Record<string, unknown>, zone: string): Contact {
  const fields: Partial<Record<ReservedTrait, unknown>> = {};
  const attributes = new Map(Object.entries(contact.attributes));
  for (const [name, value] of Object.entries(traits)) {
    if (value === undefined || (name === 'createdAt' && value === null)) continue;
    if (isReserved(name)) fields[name] = value;
    else if (value === null) attributes.delete(name);
    else attributes.set(name, value);
  }
  const next = { ...contact, ...fields, attributes: Object.fromEntries(attributes) } as Contact;
  if (fields.birthday !== undefined || fields.createdAt !== undefined) placeInTime(next, contact, zone);
  return sameContact(contact, next) ? contact : next;
}

/** Brings what the traits say of dates to the form of the fields; what is unreadable changes nothing. */
function placeInTime(next: Contact, before: Contact, fallback: string): void {
  const zone = contactZone(next, fallback);
  const born = readMoment(next.birthday);
  if (next.birthday !== null) next.birthday = born === null ? before.birthday : dateOf(born, zone);
  if (next.createdAt === before.createdAt) return;
  const created = readMoment(next.createdAt);
  next.createdAt = (created && instantOf(created, zone)) ?? before.createdAt;
}

/** True when both say the same of the same person; the order of attributes does not matter. */
export function sameContact(a: Contact, b: Contact): boolean {
  return (
    a.id === b.id &&
    a.userId === b.userId &&
    RESERVED_TRAITS.every((trait) => a[trait] === b[trait]) &&
    sameValue(a.attributes, b.attributes)
  );
}

/** Equality of JSON values. */
function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size && left.every(([name, value]) => right.has(name) && sameValue(value, right.get(name)))
  );
}

const isReserved = (name: string): name is ReservedTrait => Object.hasOwn(READERS, name);

const shorten = (raw: unknown): string => {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
