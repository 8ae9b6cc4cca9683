import type { Fault } from '../shared/errors.ts';
import { isGsm, smsParts } from './sms-length.ts';

/**
 * What is told of a rendered text that takes more than one part (law L26); nothing when one is enough.
 * @param source the text as written, in which a character at fault is looked for
 */
export function partsFault(text: string, source: string, file: string): Fault | undefined {
  const { encoding, units, parts } = smsParts(text);
  if (parts < 2) return undefined;
  const room = encoding === 'gsm-7' ? 160 : 70;
  const over = units - room;
  const odd = [...new Set(Array.from(text).filter((character) => !isGsm(character)))];
  const shown = odd.slice(0, 5).map((character) => `"${character}"`);
  const cause =
    odd.length === 0
      ? ''
      : `: ${shown.join(', ')}${odd.length > shown.length ? ', …' : ''} ${odd.length === 1 ? 'is' : 'are'} not in the GSM alphabet, so that only ${room} fit instead of 160`;
  const at = placeOf(source, odd);
  return {
    code: 'template-sms-parts',
    severity: 'warning',
    message: `with its sample the text takes ${parts} parts, ${over} ${over === 1 ? 'character' : 'characters'} over ${room}${cause}`,
    hint:
      odd.length > 0 && smsParts(plain(text)).parts === 1
        ? `write it without ${shown.join(', ')}, and it fits into one`
        : `shorten it by ${over} to send it as one`,
    file,
    ...at,
  };
}

/** Where a character of the rendered text stands in the source; the beginning when it comes from the sample. */
function placeOf(source: string, odd: readonly string[]): { line: number; column: number } {
  const offset = odd.length === 0 ? -1 : Array.from(source).findIndex((character) => odd.includes(character));
  if (offset < 0) return { line: 1, column: 1 };
  const before = Array.from(source).slice(0, offset).join('').split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** The text with a letter of the alphabet, or a sign like it, for each character outside. */
function plain(text: string): string {
  return Array.from(text, (character) => (isGsm(character) ? character : 'x')).join('');
}
