import { html, type Html } from '../shared/html.ts';
import type { Look } from './look.ts';
import type { PageLanguage } from './page-language.ts';
import { styleOf } from './style.ts';

export interface Page {
  language: PageLanguage;
  title: string;
  look: Look;
  /** Where the foot leads, to one’s own data; null on those pages themselves. Links of messages are one folder deep. */
  foot?: string | null;
  /** A page with a form of several parts. */
  wide?: boolean;
  /** Rules of this page's own, after the common ones; a constant of the code. */
  style?: string;
  /** What a browser tells of this page: nothing, or, for a form whose `Origin` is looked at, this site alone where it is. */
  referrer?: 'no-referrer' | 'same-origin';
}

const YOUR_DATA: Readonly<Record<PageLanguage, string>> = { en: 'Your data', fr: 'Vos données' };

/** A page that people reach by a link of a message: one card with the brand above. */
export function page(
  { language, title, look, foot = '../r', wide = false, style = '', referrer = 'no-referrer' }: Page,
  content: Html,
): Html {
  const { brand, logo } = look;
  const head = logo === null ? brand : html`<img src="${logo}" alt="${brand}" referrerpolicy="no-referrer" />`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="${referrer}" />
        <link rel="icon" href="data:," />
        <title>${[title, brand].filter(Boolean).join(' · ')}</title>
        <style>
          ${styleOf(look, style)}
        </style>
      </head>
      <body>
        <main class="${wide ? 'wide' : 'narrow'}">
          ${head !== '' && html`<p class="brand">${head}</p>`} ${content}
          ${foot !== null && html`<p class="foot"><a href="${foot}">${YOUR_DATA[language]}</a></p>`}
        </main>
      </body>
    </html>`;
}
