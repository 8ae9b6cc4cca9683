import type { HtmlToTextOptions } from 'html-to-text';
import { convert } from 'html-to-text';
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
  },
  selectors: [
    { selector: 'img', format: 'alternative' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: '[style*="display:none"]', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...HEADING })),
  ],
};

/**
 * The text part's source from the HTML part's: both keep their Handlebars tags, so that rendering a message
 * never converts HTML (that costs about 1 ms a message; this costs it once a version).
 */
export function plainTextSource(html: string): string {
  const lifted = liftTags(html);
  return lifted.restore(convert(lifted.text, OPTIONS)).trim();
}

/** Blocks that wrote nothing leave empty lines behind. */
export function tidyText(text: string): string {
  return text.replace(/[ \t]*\n(?:[ \t]*\n){2,}/g, '\n\n').trim();
}
