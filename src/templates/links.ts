import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { isUnsafeAddress } from './safe-address.ts';
import { tagsOf } from './tags.ts';

/** Blocks that stand around an address of a compiled source, and the place at the end of a mail; no author writes them. */
export const LINK_BLOCKS = { html: 'htmlLink', text: 'textLink', guard: 'safeAddress' } as const;
export const TAIL = 'messageTail';

/** What becomes of the addresses of one message, and what stands at its end. */
export interface LinkRewriter {
  /**
   * @param target as a browser would follow it, its entities decoded
   * @param known its scheme and host are the author's words, not something that arrived with an event or a contact
   */
  link(target: string, known: boolean): string;
  /** HTML for the end of the mail; asked after all links. */
  tail(): string;
}

const ignore = (): void => {};
/** Of the tokenizer; each use overrides what it listens to. */
const DEAF: TokenizerCallbacks = {
  onattribdata: ignore,
  onattribend: ignore,
  onattribentity: ignore,
  onattribname: ignore,
  oncdata: ignore,
  onclosetag: ignore,
  oncomment: ignore,
  ondeclaration: ignore,
  onend: ignore,
  onopentagend: ignore,
  onopentagname: ignore,
  onprocessinginstruction: ignore,
  onselfclosingtag: ignore,
  ontext: ignore,
  ontextentity: ignore,
};

/** A stretch of a source that is an address; `followed`: people follow it, so it may lead by way of us. */
interface Address {
  start: number;
  end: number;
  followed: boolean;
}

/** Attributes whose value a browser goes to, or takes something from. */
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'background', 'poster']);

/** One of the message's `links`, and nothing else. */
const OUR_LINK = /^\s*\{\{\{?~?\s*links\.\w+\s*~?\}?\}\}\s*$/;
const OWN_HOST = /^https?:\/\/[^/?#{}\s]+(?:[/?#]|$)/i;
/** `data` is written in the step that sends: the author's words too. */
const OWN_DATA = /^\{\{\{?~?\s*data\./;

/**
 * Whether the author chose where an address leads: an address that came with an event or a trait must not become a
 * link of ours (rule S3). Null for what is no address of the web, or one of the message's own `links`.
 */
function isKnown(address: string): boolean | null {
  if (OWN_HOST.test(address) || OWN_DATA.test(address)) return true;
  if (/^(?:\{\{|https?:\/\/)/i.test(address) && !/^\{\{\{?~?\s*links\./.test(address)) return false;
  return null;
}

/**
 * Puts every address a person can follow (`href` of `a` and `area`) into a block, and the tail before `</body>`: once a
 * version, so that rendering a message never reads HTML. `isWhole` tells whether a piece of a source compiles by itself.
 */
export function markHtmlLinks(html: string, isWhole: (source: string) => boolean): string {
  const { addresses, bodyEnd } = addressesIn(html);
  const end = bodyEnd ?? html.length;
  return `${mark(html.slice(0, end), addresses, LINK_BLOCKS.html, isWhole)}{{{${TAIL}}}}${html.slice(end)}`;
}

function addressesIn(html: string): { addresses: Address[]; bodyEnd: number | null } {
  // Of the same length, so that places stay; blank, so that a quote or angle inside a tag is none of the HTML's.
  const masked = maskTags(html, (_tag, start) => (/[=]$/.test(html.slice(Math.max(0, start - 1), start)) ? 'x' : ' '));
  const addresses: Address[] = [];
  let [element, attribute, bodyEnd]: [string, string, number | null] = ['', '', null];
  let value: Address | null = null;
  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      ...DEAF,
      onopentagname: (start, end) => void (element = masked.slice(start, end).toLowerCase()),
      onattribname: (start, end) => void ([attribute, value] = [masked.slice(start, end).toLowerCase(), null]),
      onattribdata: (start, end) => void (value = { start: value?.start ?? start, end, followed: false }),
      onattribend: () => {
        if (value === null || !ADDRESSES.has(attribute)) return;
        addresses.push({ ...value, followed: attribute === 'href' && (element === 'a' || element === 'area') });
      },
      onclosetag: (start, end) => {
        if (masked.slice(start, end).toLowerCase() === 'body') bodyEnd = masked.lastIndexOf('</', start);
      },
    },
  );
  tokenizer.write(masked);
  tokenizer.end();
  return { addresses, bodyEnd };
}

/** Stands for a tag that writes a value, in a text in which addresses are looked for. */
const VALUE = '\uE000';
/** Stands for one that writes nothing by itself, such as the beginning of a block: no part of an address as it stands. */
const BLOCK = '\uE001';
const TEXT_ADDRESS = new RegExp(
  `https?://[^\\s<>"${BLOCK}]*[^\\s<>".,;:!?)\\]}'*_${BLOCK}]|(?<=<)[^\\s<>"]*[${VALUE}${BLOCK}][^\\s<>"]*(?=>)`,
  'gi',
);

/** As `markHtmlLinks`, for the text part: addresses as they stand in it, and values between angle brackets. */
export function markTextLinks(text: string, isWhole: (source: string) => boolean): string {
  const masked = maskTags(text, (tag) => (/^\{\{~?[#/^!]|^\{\{~?\s*else\b/.test(tag) ? BLOCK : VALUE));
  const addresses = [...masked.matchAll(TEXT_ADDRESS)].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    followed: true,
  }));
  return mark(text, addresses, LINK_BLOCKS.text, isWhole);
}

function maskTags(source: string, by: (tag: string, start: number) => string): string {
  let [masked, from] = ['', 0];
  for (const { start, end } of tagsOf(source)) {
    masked += source.slice(from, start) + by(source.slice(start, end), start).repeat(end - start);
    from = end;
  }
  return masked + source.slice(from);
}

function mark(
  source: string,
  addresses: readonly Address[],
  block: string,
  isWhole: (source: string) => boolean,
): string {
  let [marked, from] = ['', 0];
  for (const { start, end, followed } of addresses) {
    const address = source.slice(start, end);
    const known = followed ? isKnown(address.trim()) : null;
    // Whatever may become a program is looked at once more when it is written; an address of the author's own may not.
    const isOwn = OUR_LINK.test(address) || (!address.includes('{{') && !isUnsafeAddress(decodeAttribute(address)));
    if ((known === null && isOwn) || !isWhole(address)) continue;
    const around = known === null ? LINK_BLOCKS.guard : block;
    marked += `${source.slice(from, start)}{{#${around} ${known ?? false}}}${address}{{/${around}}}`;
    from = end;
  }
  return marked + source.slice(from);
}

/** An attribute's value as a browser reads it: its entities decoded. */
export function decodeAttribute(written: string): string {
  if (!written.includes('&')) return written;
  const source = `<a href="${written}">`;
  let value = '';
  const tokenizer = new Tokenizer(
    {},
    {
      ...DEAF,
      onattribdata: (start, end) => void (value += source.slice(start, end)),
      onattribentity: (codepoint) => void (value += String.fromCodePoint(codepoint)),
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  return value;
}
