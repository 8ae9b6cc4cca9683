import { domainToASCII } from 'node:url';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';

/** An address in its canonical form, or the sentence that says what is wrong and what to write instead. */
export type AddressReading = { value: string; message?: never } | { value?: never; message: string; hint: string };

/** RFC 5321, 4.5.3.1: a local part of 64 octets, and a path of 256 with its angle brackets. */
const LONGEST_LOCAL = 64;
const LONGEST_EMAIL = 254;
/** RFC 1035, 2.3.4. */
const LONGEST_LABEL = 63;

/** What nobody sees: control, format and bidirectional characters, and what a font leaves out. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const AROUND = new RegExp(`^(?:\\s|${INVISIBLE.source})+|(?:\\s|${INVISIBLE.source})+$`, 'gu');

/** `atext` of RFC 5322, 3.2.3, with what RFC 6532 adds to it: anything that is not ASCII. */
const ATOMS = /^[a-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+)*$/iu;
/** What may be looked up: names, and nothing that a URL would take for a port, a path or an escape. */
const HOST = /^[\p{L}\p{M}\p{N}\p{So}。_.-]+$/u;

/** Nearly all addresses: nothing to fold but capitals. */
const PLAIN = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9.-]*[a-z]$/i;

/** As numbers are stored. */
const E164 = /^\+[1-9]\d{6,14}$/;

const HINT = 'write one address such as ada@example.com, or null to clear it';

/**
 * The one canonical form of an email address: what would be delivered to (rule C5a). The domain as it is looked up (IDNA,
 * without the dot of the root), the local part as SMTPUTF8 lets it be (RFC 6531) in NFKC, without needless quotes; so full-width
 * and ligatured spellings are one. Capitals stay where they are ASCII: servers may tell them apart, though none does
 * (`addressKey` does not). Blanks and invisible characters around are cut off; one inside is refused, since nobody could say
 * which address was meant.
 */
export function canonicalEmail(written: string): AddressReading {
  const refused = (message: string, hint = HINT): AddressReading => ({
    message: `"${shown(written)}" ${message}.`,
    hint,
  });
  const raw = written.replace(AROUND, '');
  const unseen = INVISIBLE.exec(raw);
  if (unseen !== null)
    return refused(
      `has an invisible character (${codePoint(unseen[0])}) ${unseen.index === 0 ? 'at its beginning' : `after ${shown(raw.slice(0, unseen.index).split(/[@.]/).at(-1) || raw.slice(0, unseen.index))}`}`,
      'write it without that character',
    );
  const text = raw.normalize('NFKC');
  const at = text.lastIndexOf('@');
  if (at < 1 || /\s/.test(text)) return refused('is not an email address');
  const local = unquoted(text.slice(0, at));
  if (local === null) return refused('has a local part that needs quotes, which few servers take');
  if (!ATOMS.test(local)) return refused('is not an email address');
  const domain = canonicalDomain(text.slice(at + 1));
  if (domain === null) return refused('has no domain that mail could be sent to');
  const folded = lowerBeyondAscii(local);
  const octets = Buffer.byteLength(folded);
  if (octets > LONGEST_LOCAL) return refused(`has ${octets} octets before the @, and mail knows ${LONGEST_LOCAL}`);
  const value = `${folded}@${domain}`;
  if (Buffer.byteLength(value) > LONGEST_EMAIL)
    return refused(`is longer than the ${LONGEST_EMAIL} octets that mail knows`);
  return { value };
}

/** As it is looked up; null for what is no name of a host: one label, an IP address, an empty or overlong label. */
function canonicalDomain(written: string): string | null {
  if (!HOST.test(written)) return null;
  const domain = domainToASCII(written.replace(/[.。]$/, ''));
  const labels = domain.split('.');
  if (labels.length < 2 || /^(?:\d+|0x[\da-f]*)$/.test(labels.at(-1)!)) return null;
  return labels.every((label) => label !== '' && label.length <= LONGEST_LABEL) ? domain : null;
}

/** `"gone"@…` is `gone@…` (RFC 5321, 4.1.2); null when it could not be written without its quotes. */
function unquoted(local: string): string | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/u.exec(local);
  if (quoted === null) return local.includes('"') ? null : local;
  const bare = quoted[1]!.replace(/\\(.)/gu, '$1');
  return ATOMS.test(bare) ? bare : null;
}

/** Character by character, so that no letter depends on those around it; PostgreSQL then has only ASCII to fold. */
const lowerBeyondAscii = (text: string): string =>
  text.replace(/[\u0080-\u{10ffff}]/gu, (character) => character.toLowerCase()).normalize('NFKC');

/**
 * The one canonical form of a phone number: E.164. `country` reads a national one. Full-width digits, marks of direction and
 * the prefix `00` are folded.
 */
export function canonicalPhone(written: string, country: string | null): AddressReading {
  const text = written.normalize('NFKC').replace(EVERY_INVISIBLE, '').trim();
  const nation = (country ?? undefined) as CountryCode | undefined;
  const spellings = /^\(?00/.test(text) ? [text, text.replace(/^\(?00/, '+')] : [text];
  for (const spelling of spellings) {
    const number = parsePhoneNumberFromString(spelling, nation);
    // Possible (length and country code), not "valid": numbering plans open ranges faster than metadata follows.
    if (number?.isPossible()) return { value: number.number };
  }
  return {
    message: `"${shown(written)}" is not a phone number that can be called from anywhere.`,
    hint: 'write it with its country code, such as +33612345678, or send the trait country beside it',
  };
}

/**
 * By what addresses are compared wherever something is keyed by one (rule C5a): its canonical form in lower case, since mail
 * servers do not tell cases apart. What has none (a short number, an address of a report) is compared as it is written,
 * without what nobody sees. Idempotent.
 */
export function addressKey(written: string): string {
  if (PLAIN.test(written)) return written.toLowerCase();
  if (E164.test(written)) return written;
  const seen = written.replace(EVERY_INVISIBLE, '').trim();
  const { value } = seen.includes('@') || seen.includes('＠') ? canonicalEmail(seen) : canonicalPhone(seen, null);
  return (value ?? seen.normalize('NFKC')).toLowerCase();
}

const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** Short, and with nothing invisible in it. */
function shown(text: string): string {
  const seen = text.replace(EVERY_INVISIBLE, '');
  return seen.length > 60 ? `${seen.slice(0, 60)}…` : seen;
}
