/** GSM 03.38 basic set (3GPP TS 23.038, 6.2.1): one unit each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: two units each, because an escape goes before. */
const EXTENDED = new Set('\f^{}\\[~]|€');

/** Whether a character can be sent without switching the whole text to UCS-2. */
export const isGsm = (character: string): boolean => BASIC.has(character) || EXTENDED.has(character);

export interface SmsLength {
  encoding: 'gsm-7' | 'ucs-2';
  /** Septets for GSM-7, UTF-16 code units for UCS-2. */
  units: number;
  /** Messages the operator counts and charges; 0 for an empty text. */
  parts: number;
}

/** A character that takes two units is never cut in two: what does not fit at the end of a part begins the next. */
function partsOf(sizes: readonly number[], whole: number, each: number): SmsLength['parts'] {
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= whole) return units === 0 ? 0 : 1;
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > each) {
      parts++;
      used = 0;
    }
    used += size;
  }
  return parts;
}

/**
 * How long a text message is (rule "SMS length", law L26): GSM-7 160, or 153 a part; UCS-2 70, or 67 a part.
 * One character outside GSM-7 (ê, ç, a curly quote) switches the whole text to UCS-2.
 */
export function smsParts(text: string): SmsLength {
  const characters = Array.from(text);
  if (characters.every(isGsm)) {
    const sizes = characters.map((character) => (BASIC.has(character) ? 1 : 2));
    return { encoding: 'gsm-7', units: sizes.reduce((sum, size) => sum + size, 0), parts: partsOf(sizes, 160, 153) };
  }
  return {
    encoding: 'ucs-2',
    units: text.length,
    parts: partsOf(
      characters.map((character) => character.length),
      70,
      67,
    ),
  };
}
