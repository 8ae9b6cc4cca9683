/** What may stand in an `html` text: text is escaped, `Html` is not, lists are joined, nothing writes nothing. */
export type HtmlValue = string | number | Html | null | undefined | false | readonly HtmlValue[];

/** A piece of HTML that is safe to put into a page. Only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function write(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(write).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Tags a template literal as HTML: every value is escaped, in text and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    strings.map((string, index) => string + (index < values.length ? write(values[index]) : '')).join(''),
  );
}
