import type { HtmlToTextOptions } from 'html-to-text';
import { convert } from 'html-to-text';
import { withoutBlanks } from './safe-address.ts';
import { liftTags } from './tags.ts';

const HEADING = { options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } };

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  formatters: {
    // Of a picture a reader of plain text wants to know what it says, not where it lies.
    alternative: (element, _walk, builder) => {
      const alt = (element.attribs as Record<string, string>).alt;
      if (alt) builder.addInline(alt);
    },
    // A line a row: how wide a column is nobody knows before its values are there.
    row: (element, walk, builder) => {
      const { children = [] } = element as unknown as Element;
      const cells = children.filter(({ name }) => name === 'td' || name === 'th');
      builder.openBlock({ leadingLineBreaks: 1 });
      // A row with tables in it is no row of a table but a layout.
      if (cells.length < 2 || cells.some((cell) => holdsTable(cell))) walk(element.children, builder);
      else builder.addInline(rowText(children));
      builder.closeBlock({ trailingLineBreaks: 1 });
    },
  },
  selectors: [
    { selector: 'img', format: 'alternative' },
    {
      selector: 'a',
      options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'], pathRewrite: withoutBlanks },
    },
    { selector: 'tr', format: 'row' },
    { selector: '[style*="display:none"]', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...HEADING })),
  ],
};

/** What is asked of the parsed HTML. */
interface Element {
  type: string;
  name?: string;
  data?: string;
  attribs?: Readonly<Record<string, string>>;
  children?: readonly Element[];
}

const holdsTable = ({ children = [] }: Element): boolean =>
  children.some((child) => child.name === 'table' || holdsTable(child));

/** `Lamp | 2 | 19.90`: the cells of a row, and the tags between them, which write cells or leave them out. */
function rowText(children: readonly Element[]): string {
  let text = '';
  let isFirst = true;
  for (const child of children) {
    const isCell = child.name === 'td' || child.name === 'th';
    const said = inlineText(child).replaceAll(/\s+/g, ' ').trim();
    if (isCell) text += isFirst ? said : ` | ${said}`;
    else text += said;
    isFirst &&= !isCell;
  }
  return text;
}

/** The text of an element on one line, with the addresses of its links. */
function inlineText({ type, name, data = '', attribs = {}, children = [] }: Element): string {
  if (type === 'text') return data;
  if (name === 'img') return attribs['alt'] ?? '';
  const inner = children.map(inlineText).join('');
  const href = withoutBlanks(attribs['href'] ?? '');
  if (name === 'a' && href !== '' && href !== inner.trim()) return `${inner.trim()} <${href}>`;
  return name === 'br' || name === 'p' || name === 'div' ? ` ${inner} ` : inner;
}

/**
 * The text part's source from the HTML part's: both keep their Handlebars tags, so that rendering a message
 * never converts HTML (that costs about 1 ms a message; this costs it once a version).
 */
export function plainTextSource(html: string): string {
  const lifted = liftTags(html);
  return lifted.restore(convert(lifted.text, OPTIONS)).trim();
}

/**
 * Blocks that wrote nothing leave empty lines behind; and a blank is a blank: one that does not break, as amounts, dates
 * and numbers have in many languages, would make two parts of a text message that fits into one.
 */
export function tidyText(text: string): string {
  return text
    .replaceAll(/[\u00a0\u2007\u2009\u202f]/g, ' ')
    .replace(/[ \t]*\n(?:[ \t]*\n){2,}/g, '\n\n')
    .trim();
}
