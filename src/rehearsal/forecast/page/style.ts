import { Html } from '../../../shared/html.ts';
import { look } from '../../report/style.ts';

/** The forecast's page: the look of reports, with charts and tables. */
export const style = new Html(`${look.text}
:root { --s0: #2f5fd0; --s1: #d06a00; --s2: #0e8a69; --s3: #a83487; --s4: #7a8794; --s5: #6a4ed6; }
@media (prefers-color-scheme: dark) {
  :root { --s0: #86aaff; --s1: #ffad5c; --s2: #5fd6ae; --s3: #f08fd2; --s4: #98a4b0; --s5: #b9a4ff; }
}
body { max-width: 1180px; }
h2 { margin-top: 2.5rem; }
h3 { margin: 2rem 0 .75rem; font-size: 1.05rem; }
.policy { margin-top: 3rem; padding-top: .5rem; border-top: 3px solid var(--accent); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .75rem; margin: 1rem 0 0; }
.tiles > div { padding: .8rem 1rem; }
.tiles dd { font-size: 1.35rem; line-height: 1.3; letter-spacing: -.01em; font-weight: 650; }
.tiles dd .margin { font-size: .95rem; font-weight: 500; letter-spacing: 0; color: var(--soft); white-space: nowrap; }
.tiles dd small { display: block; font-size: .8rem; font-weight: 450; letter-spacing: 0; color: var(--soft); }
figure { margin: 0; padding: 1rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0 0 .75rem; padding: 0; font-size: .88rem; }
.legend li::before { content: ""; display: inline-block; width: .75rem; height: .75rem; margin-right: .45rem; border-radius: 3px; background: var(--colour); }
.legend b { font-weight: 600; font-variant-numeric: tabular-nums; color: var(--soft); }
.s0 { --colour: var(--s0); } .s1 { --colour: var(--s1); } .s2 { --colour: var(--s2); }
.s3 { --colour: var(--s3); } .s4 { --colour: var(--s4); } .s5 { --colour: var(--s5); }
.wide { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 40rem; height: auto; }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg rect { fill: var(--colour); }
svg g:hover rect { opacity: .75; }
.grid { stroke: var(--line); stroke-width: 1; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .9rem; text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child { text-align: left; white-space: normal; min-width: 12rem; width: 34%; }
thead th { font-size: .8rem; font-weight: 550; color: var(--soft); border-bottom: 1px solid var(--line); }
tbody th { font-weight: 550; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tr.soft > * { color: var(--soft); font-weight: 450; }
tr.inner > th { padding-left: 2rem; font-weight: 450; }
.bar { display: block; height: .35rem; margin: .3rem 0 .1rem; border-radius: 99px; background: var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; border-radius: 99px; background: var(--tone, var(--accent)); }
.change { font-weight: 650; color: var(--accent); }
.apart { margin: 1rem 0 .5rem; }
details { margin-top: .75rem; }
details > .card { margin-top: .25rem; }
summary { cursor: pointer; padding: .6rem 0; color: var(--soft); }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; background: none; font-size: 12px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .card { box-shadow: none; } .tiles > div, figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .wide { overflow: visible; } svg { min-width: 0; } details:not([open]) { display: none; }
}
`);
