import { Html } from '../shared/html.ts';
import { DARK, LIGHT, themesOf, type Look } from './look.ts';

const variables = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');

/** System fonts, the reader's light or dark, no script: it opens anywhere and tells nobody. */
const RULES = `
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100svh; padding: 1.25rem; display: flex; background: var(--page); color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; -webkit-text-size-adjust: 100%; }
main { width: 100%; max-width: 31rem; margin: auto; padding: 2.25rem; border: 1px solid var(--line); border-radius: 1.125rem; background: var(--card); overflow-wrap: break-word; }
main.wide { max-width: 40rem; }
.brand { margin: 0 0 1.75rem; padding-bottom: 1.1rem; border-bottom: 1px solid var(--line); font-weight: 600; color: var(--soft); }
.brand img { display: block; max-width: 100%; max-height: 3rem; }
.tick { display: block; margin: 0 0 1.1rem; }
.tick circle { fill: var(--accent); }
.tick path { fill: none; stroke: var(--on-accent); stroke-width: 4; stroke-linecap: round; stroke-linejoin: round; }
h1 { margin: 0 0 .75rem; font-size: 1.6rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 0 0 .5rem; font-size: 1.15rem; line-height: 1.35; }
p { margin: 0 0 1rem; text-wrap: pretty; }
a { color: var(--accent); }
main > :last-child { margin-bottom: 0; }
main > .foot { margin: 2rem 0 0; font-size: .9rem; }
.note { color: var(--soft); font-size: .95rem; }
form { margin: 1.75rem 0 1.25rem; }
button { width: 100%; min-height: 3.25rem; padding: .6rem 1rem; border: 2px solid transparent; border-radius: .75rem; background: var(--brand); box-shadow: 0 0 0 1px var(--accent); color: var(--on-brand); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.12); }
button.quiet { border-color: var(--field); background: transparent; box-shadow: none; color: var(--ink); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .25rem; }
button:focus-visible { border-radius: .75rem; }
@media (max-width: 30rem) { body { padding: .75rem; } main { padding: 1.6rem 1.4rem; } }
`;

/** The style sheet of a page with this look, and of what it has beside the common parts. */
export function styleOf(look: Look, more: string): Html {
  const { light, dark } = themesOf(look);
  return new Html(`
:root { color-scheme: light dark; ${variables({ ...LIGHT, ...light })} }
@media (prefers-color-scheme: dark) { :root { ${variables({ ...DARK, ...dark })} } }${RULES}${more}`);
}
