import { Html } from '../shared/html.ts';

/** The outbox's look: system fonts, the reader's light or dark, no outside file. */
export const style = new Html(`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #16191d; --soft: #5b6570; --line: #e1e5ea; --hover: #f1f4f8;
  --accent: #2f5fd0; --accent-ink: #fff; --accent-soft: #e8eefc; --email: #2f5fd0; --email-soft: #e8eefc;
  --sms: #116b50; --sms-soft: #dff4ec; --bubble: #e6e9ee; --shadow: 0 1px 2px rgb(20 30 45 / .06), 0 6px 20px rgb(20 30 45 / .05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101317; --card: #191d23; --ink: #e9ecf0; --soft: #9aa5b1; --line: #2b323b; --hover: #20262e;
    --accent: #86aaff; --accent-ink: #10161f; --accent-soft: #202c47; --email: #a3beff; --email-soft: #202c47;
    --sms: #77d9b6; --sms-soft: #15362b; --bubble: #2a313a; --shadow: none;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 2; }
.bar { display: flex; align-items: center; gap: .75rem; max-width: 1080px; margin: 0 auto; padding: 1.1rem 1.25rem 0; }
.bar a { display: inline-flex; align-items: center; gap: .55rem; color: inherit; text-decoration: none; font-weight: 650; letter-spacing: -.01em; }
.bar form { margin-left: auto; }
.bar button { font: inherit; color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 8px; min-height: 2.75rem; padding: 0 .9rem; cursor: pointer; }
.bar svg { width: 1.5rem; height: 1.5rem; color: var(--accent); }
main { max-width: 1080px; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; letter-spacing: -.02em; margin: .75rem 0 .25rem; overflow-wrap: anywhere; }
.lead .badge { margin-right: .4rem; }
.lead { color: var(--soft); margin: 0 0 1.25rem; max-width: 62ch; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); overflow: hidden; }
form.find { display: flex; flex-wrap: wrap; gap: .6rem; margin-bottom: 1rem; }
form.find input, form.find select, form.find button { font: inherit; color: inherit; height: 2.5rem; border-radius: 8px; border: 1px solid var(--line); background: var(--card); padding: 0 .8rem; }
form.find input { flex: 1 1 16rem; min-width: 0; }
form.find button { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 600; cursor: pointer; padding: 0 1.1rem; }
.clear { align-self: center; }
ol.list { list-style: none; margin: 0; padding: 0; }
ol.list li + li { border-top: 1px solid var(--line); }
ol.list a { display: grid; grid-template-columns: 4.5rem minmax(9rem, 15rem) minmax(0, 1fr) auto; gap: 1rem; align-items: baseline; padding: .8rem 1.1rem; color: inherit; text-decoration: none; }
ol.list a:hover { background: var(--hover); }
ol.list a:focus-visible { outline-offset: -2px; }
.to { font-weight: 600; }
.to, .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.what span { color: var(--soft); }
time { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; font-size: .87rem; }
.badge { display: inline-block; border-radius: 999px; padding: .1rem .6rem; font-size: .78rem; font-weight: 650; text-align: center; justify-self: start; }
.badge.email { background: var(--email-soft); color: var(--email); }
.badge.sms { background: var(--sms-soft); color: var(--sms); }
.empty { padding: 3.5rem 1.5rem; text-align: center; color: var(--soft); }
.empty svg { width: 3rem; height: 3rem; opacity: .55; }
.empty h2 { color: var(--ink); font-size: 1.15rem; margin: .75rem 0 .25rem; }
.empty p { margin: 0 auto; max-width: 46ch; }
nav.pages { display: flex; justify-content: space-between; margin-top: 1rem; }
.back { display: inline-block; margin-top: .5rem; text-decoration: none; }
dl.head { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; margin: 0; padding: 1rem 1.25rem; }
dl.head dt { color: var(--soft); }
dl.head dd { margin: 0; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); }
summary { cursor: pointer; padding: .7rem 1.25rem; color: var(--soft); }
details dl.head { padding-top: 0; font-size: .9rem; }
nav.tabs { display: flex; flex-wrap: wrap; gap: .25rem; margin: 1.25rem 0 .75rem; }
nav.tabs a { padding: .4rem .95rem; border-radius: 8px; text-decoration: none; color: var(--soft); font-weight: 600; }
nav.tabs a:hover { background: var(--hover); }
nav.tabs a[aria-current] { background: var(--accent-soft); color: var(--accent); }
nav.tabs .away { margin-left: auto; }
iframe { display: block; width: 100%; height: min(78vh, 900px); border: 0; background: #fff; }
.phone { width: min(390px, 100%); margin: 0 auto; border-radius: 28px; border-width: 8px; }
pre { margin: 0; padding: 1.25rem; font: 13.5px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.stack { margin-top: 1.25rem; }
.chat { padding: 2rem 1.25rem; display: flex; flex-direction: column; align-items: flex-start; gap: .5rem; }
.bubble { background: var(--bubble); border-radius: 18px 18px 18px 5px; padding: .7rem 1rem; max-width: min(30rem, 100%); white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.count { color: var(--soft); font-size: .9rem; margin: 0; }
@media (max-width: 720px) {
  ol.list a { grid-template-columns: auto minmax(0, 1fr); gap: .15rem .75rem; }
  .what, ol.list time { grid-column: 1 / -1; }
  dl.head { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dl.head dd { margin-bottom: .5rem; }
}
`);
