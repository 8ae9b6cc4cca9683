/** What the preference centre has beside the common style. */
export const STYLE = `
fieldset { min-width: 0; margin: 0 0 1.25rem; padding: 1.1rem 1.25rem .6rem; border: 1px solid var(--line); border-radius: .75rem; }
legend { padding: 0 .4rem; margin-left: -.4rem; font-weight: 600; }
fieldset .note { margin: 0 0 .5rem; }
.ask { margin: 0 0 .25rem; }
.box { display: flex; gap: .75rem; align-items: flex-start; min-height: 2.75rem; padding: .5rem 0; cursor: pointer; }
.box input { flex: none; width: 1.375rem; height: 1.375rem; margin: .15rem 0 0; accent-color: var(--accent); }
.box span { min-width: 0; overflow-wrap: anywhere; }
.box small { display: block; color: var(--soft); font-size: .9rem; }
.fields { display: grid; gap: 1.25rem; margin: 1.5rem 0 1.75rem; }
.field label { display: block; margin-bottom: .35rem; font-weight: 600; }
select { width: 100%; min-height: 2.875rem; padding: .5rem .75rem; border: 1px solid var(--field); border-radius: .625rem; background: var(--card); color: var(--ink); font: inherit; }
select[aria-invalid="true"] { border: 2px solid var(--wrong); }
.field .note, .field .wrong { margin: .35rem 0 0; }
:root { --wrong: #a3261c; }
@media (prefers-color-scheme: dark) { :root { --wrong: #ff9d92; } }
.wrong { color: var(--wrong); font-size: .95rem; }
.fault { margin: 0 0 1.25rem; padding: 1rem 1.25rem; border: 1px solid var(--wrong); border-left-width: 5px; border-radius: .625rem; }
.fault p { margin: 0; font-weight: 600; }
.fault ul, .summary ul { margin: .4rem 0 0; padding-left: 1.2rem; }
.fault a { color: var(--wrong); }
.summary p { margin: .5rem 0 0; }
.stop { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.stop .note { margin: .9rem 0 0; }
@media (min-width: 40rem) { .fields { grid-template-columns: 1fr 1fr; } }
`;
