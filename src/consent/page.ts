import { html, Html } from '../shared/html.ts';
import type { PageLanguage } from './page-language.ts';

export interface Page {
  language: PageLanguage;
  title: string;
  /** Who speaks; empty when nobody can say. */
  brand: string;
}

/** System fonts, the reader's light or dark, no script and no outside file: it opens anywhere and tells nobody. */
const STYLE = new Html(`
:root { color-scheme: light dark; --page: #f5f2ec; --card: #fff; --ink: #25221d; --soft: #655f55; --accent: #23543f; --on-accent: #fff; --line: #e6e0d6; }
@media (prefers-color-scheme: dark) {
  :root { --page: #161412; --card: #211e1b; --ink: #f0ebe3; --soft: #b5ac9e; --accent: #9dd4b9; --on-accent: #10241a; --line: #37322c; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100svh; padding: 1.25rem; display: flex; background: var(--page); color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 31rem; margin: auto; padding: 2.25rem; border: 1px solid var(--line); border-radius: 1.125rem; background: var(--card); overflow-wrap: break-word; }
.brand { margin: 0 0 1.75rem; padding-bottom: 1.1rem; border-bottom: 1px solid var(--line); font-weight: 600; color: var(--soft); }
.tick { display: block; margin: 0 0 1.1rem; }
.tick circle { fill: var(--accent); }
.tick path { fill: none; stroke: var(--on-accent); stroke-width: 4; stroke-linecap: round; stroke-linejoin: round; }
h1 { margin: 0 0 .75rem; font-size: 1.6rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; text-wrap: pretty; }
main > :last-child { margin-bottom: 0; }
.note { color: var(--soft); font-size: .95rem; }
form { margin: 1.75rem 0 1.25rem; }
button { width: 100%; min-height: 3.25rem; padding: .6rem 1rem; border: 2px solid transparent; border-radius: .75rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.12); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
@media (max-width: 30rem) { main { padding: 1.6rem 1.4rem; } }
`);

/** A public page: one card with the brand above. */
export function page({ language, title, brand }: Page, content: Html): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${[title, brand].filter(Boolean).join(' · ')}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>${brand !== '' && html`<p class="brand">${brand}</p>`} ${content}</main>
      </body>
    </html>`;
}
