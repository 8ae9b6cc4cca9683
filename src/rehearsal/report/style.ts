import { Html } from '../../shared/html.ts';

/** The look of every report: system fonts, the reader's light or dark, no outside file. */
export const look = new Html(`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #16191d; --soft: #5b6570; --line: #dfe4ea; --way: #a9b3bf;
  --accent: #2f5fd0; --accent-soft: #e8eefc; --good: #116b50; --good-soft: #dff4ec; --bad: #a5302c; --bad-soft: #fde8e6;
  --wait: #7d5200; --wait-soft: #fbeecf; --shadow: 0 1px 2px rgb(20 30 45 / .06), 0 6px 20px rgb(20 30 45 / .05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101317; --card: #191d23; --ink: #e9ecf0; --soft: #9aa5b1; --line: #2b323b; --way: #56616e;
    --accent: #86aaff; --accent-soft: #202c47; --good: #77d9b6; --good-soft: #15362b; --bad: #ff9d96; --bad-soft: #43201f;
    --wait: #f0c36a; --wait-soft: #3b2f14; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 1500px; padding: 1.75rem clamp(1rem, 3vw, 2.5rem) 4rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
h1 { margin: .1rem 0 .5rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.02em; }
h1 span { color: var(--soft); font-weight: 450; }
h2 { margin: 1.75rem 0 .75rem; font-size: 1.15rem; letter-spacing: -.01em; }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0 0 .5rem; }
.soft { color: var(--soft); }
.lead { font-size: 1.05rem; }
.note { display: inline-block; margin: .75rem 0 0; padding: .5rem .9rem; border-radius: 8px; background: var(--wait-soft); color: var(--wait); }
.head dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0 0; }
dt { color: var(--soft); font-size: .8rem; }
dd { margin: 0; font-weight: 550; font-variant-numeric: tabular-nums; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); }
.chip { display: inline-block; padding: .05rem .6rem; border-radius: 999px; font-size: .8rem; font-weight: 650; }
.good { --tone: var(--good); --tone-soft: var(--good-soft); } .bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.wait { --tone: var(--wait); --tone-soft: var(--wait-soft); }
.chip { color: var(--tone, var(--accent)); background: var(--tone-soft, var(--accent-soft)); }
`);

/** A rehearsal's report. */
export const style = new Html(`${look.text}
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2rem; align-items: start; }
main > section { min-width: 0; }
@media (min-width: 1001px) { main > :first-child { position: sticky; top: 0; } }
@media (max-width: 1000px) { main { grid-template-columns: minmax(0, 1fr); } }
.picture { overflow: auto; max-height: max(70vh, 40rem); padding: 1rem; text-align: center; }
.picture + p { margin-top: .75rem; }
.machine { max-width: 100%; height: auto; font-size: 13px; }
.line { fill: none; stroke: var(--way); stroke-width: 1.4; }
.line.taken { stroke: var(--accent); stroke-width: 2.6; }
marker .way { fill: var(--way); } marker .taken { fill: var(--accent); }
marker#taken { stroke-width: 0; }
.label rect { fill: var(--card); stroke: var(--line); }
.label text { font-size: 12px; fill: var(--soft); }
.label.taken rect { fill: var(--accent-soft); stroke: none; } .label.taken text { fill: var(--accent); font-weight: 600; }
.node > rect { fill: var(--page); stroke: var(--way); }
.node .title { font-weight: 600; fill: var(--soft); }
.node .text { font-size: 12px; fill: var(--soft); }
.node .icon { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
.node.visited > rect { fill: var(--card); stroke: var(--accent); stroke-width: 2.2; }
.node.trigger > rect { fill: var(--accent-soft); stroke: none; }
.node.visited .title { fill: var(--ink); } .node.visited .icon, .node.trigger .icon { stroke: var(--accent); }
.node.trigger .title { fill: var(--ink); }
a.node { text-decoration: none; } a.node:hover > rect { fill: var(--accent-soft); }
.badge rect { fill: var(--accent); } .badge text { fill: var(--card); font-size: 11px; font-weight: 700; }
ol.timeline, ol.timeline ul { list-style: none; margin: 0; padding: 0; }
ol.timeline > li { padding: 1rem 1.25rem; } ol.timeline > li + li { border-top: 1px solid var(--line); }
ol.timeline h3 { display: flex; flex-wrap: wrap; gap: .1rem .75rem; align-items: baseline; margin-bottom: .5rem; font-variant-numeric: tabular-nums; }
ol.timeline h3 span { color: var(--soft); font-size: .85rem; font-weight: 450; }
ol.timeline ul:not(.gates) > li { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); gap: .75rem; padding: .22rem .4rem; margin: 0 -.4rem; border-radius: 8px; }
ol.timeline li:target { background: var(--accent-soft); }
.kind { color: var(--tone, var(--soft)); font-size: .85rem; font-weight: 600; padding-top: .08rem; }
.state .kind, .entered .kind, .ended .kind, .goal .kind { color: var(--accent); }
.state div, .entered div, .ended div { font-weight: 600; }
.guard div, .admission div { color: var(--soft); }
.truth { color: var(--ink); padding: 0 .4rem; border-radius: 5px; background: var(--page); }
.yes .truth { color: var(--good); background: var(--good-soft); } .no .truth { color: var(--soft); }
ul.gates { display: flex; flex-wrap: wrap; gap: .3rem .4rem; margin: .35rem 0 .3rem !important; font-size: .82rem; }
ul.gates > li { padding: .12rem .55rem; border-radius: 7px; background: var(--page); border: 1px solid var(--line); }
ul.gates > .passed > :first-child { color: var(--good); } ul.gates > .refused { background: var(--bad-soft); border-color: transparent; }
ul.gates > .refused > :first-child { color: var(--bad); font-weight: 650; }
.counter { margin-left: .35rem; white-space: nowrap; }
.mails { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.25rem; align-items: start; }
.mails article { overflow: hidden; }
.mails article:target { outline: 2px solid var(--accent); outline-offset: 2px; }
.mails header { padding: .9rem 1.1rem; } .mails header p { margin: .25rem 0 0; font-size: .88rem; }
iframe { display: block; width: 100%; height: 34rem; border: 0; border-top: 1px solid var(--line); background: #fff; color-scheme: light; resize: vertical; }
summary { cursor: pointer; padding: .6rem 1.1rem; color: var(--soft); border-top: 1px solid var(--line); }
pre { margin: 0; padding: 0 1.1rem 1rem; font: 13px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; }
.chat { padding: 1.25rem 1.1rem; border-top: 1px solid var(--line); }
.bubble { margin: 0 0 .5rem; padding: .7rem 1rem; max-width: 24rem; border-radius: 18px 18px 18px 5px; background: var(--accent-soft); white-space: pre-wrap; }
.nothing { padding: 1rem 1.25rem; margin: 0; }
@media print { .picture { max-height: none; overflow: visible; } main { display: block; } }
`);
