import type { Placed, Promotion, TemplateFolder } from './template.ts';
import { FILE_NAMES, splitPath } from './variants.ts';

/** Words of an offer, in English and French, in a text or in the address of a link. */
const OFFER =
  /(?<![\p{L}\p{N}])(?:coupons?|vouchers?|discounts?|discounted|promo(?:tion|tional)?s?|promo[ -]?codes?|special offers?|free shipping|\d+\s?% off|on sale|codes? promo|promotions?|réductions?|remises?|soldes|bons? d['’]achat|offres? spéciales?|livraison (?:offerte|gratuite)|-\s?\d+\s?%|\d+\s?% de (?:réduction|remise))(?![\p{L}\p{N}])/iu;

/** The first words of an offer in a text; undefined when there are none. */
export function offerIn(text: string): string | undefined {
  return OFFER.exec(text)?.[0];
}

/** The first offer in the files of a template, comments and styles left out; null when it makes none. */
export function promotionOf({ id, files }: TemplateFolder): Promotion | null {
  for (const { file, line, text } of readableLines({ id, files })) {
    const words = offerIn(text);
    if (words !== undefined) return { words, file, line };
  }
  return null;
}

/** The first line of a template's files in which something stands, comments and styles left out. */
export function placeOf(folder: TemplateFolder, what: RegExp): Placed | null {
  for (const { file, line, text } of readableLines(folder)) if (what.test(text)) return { file, line };
  return null;
}

function* readableLines({ id, files }: TemplateFolder): Generator<Placed & { text: string }> {
  for (const [path, source] of Object.entries(files)) {
    const { name } = splitPath(path);
    if (!(FILE_NAMES as readonly string[]).includes(name)) continue;
    for (const [index, text] of readable(source, name).split('\n').entries())
      yield { file: `${id}/${path}`, line: index + 1, text };
  }
}

/** The same number of lines, without what no reader sees. */
function readable(source: string, name: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  if (name === 'meta.yaml') return source.replace(/^\s*#.*$/gm, blank).replace(/^sample:(?:\n[ \t].*|\n)*/m, blank);
  return source.replace(/<!--[\s\S]*?-->|\{\{![\s\S]*?\}\}|<(style|mj-style|script)\b[\s\S]*?<\/\1>/g, blank);
}
