import { describeInterrupts } from '../../scenarios/index.ts';
import { html, type Html } from '../../shared/html.ts';
import { showInstant, showStatus } from '../show.ts';
import type { Rehearsal } from '../timeline.ts';
import { diagram } from './diagram.ts';
import { drawnMachine } from './machine.ts';
import { mails } from './mails.ts';
import { style } from './style.ts';
import { timelineList } from './timeline-list.ts';

/** What the page may load: nothing from outside but the images of the mails. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; font-src data: https:";

const TONES: Partial<Record<Rehearsal['status'], string>> = {
  completed: 'good',
  converted: 'good',
  active: 'wait',
  waiting: 'wait',
};

/** A rehearsal as one page without script: the machine as a picture, the timeline, and the mails as they look. */
export function rehearsalPage(rehearsal: Rehearsal): Html {
  const { scenario, version, contact, zone, from, status, notes } = rehearsal;
  const who = [contact.firstName, contact.lastName].filter(Boolean).join(' ');
  const name = contact.userId ?? contact.id;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="referrer" content="no-referrer" />
        <title>${scenario.name} · ${name}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header class="head">
          <p class="soft">
            Rehearsal · ${scenario.programme} · ${scenario.scenario}${version !== null && `, version ${version}`}
          </p>
          <h1>${scenario.name} <span>for ${who === '' ? name : who}</span></h1>
          <p class="lead">
            <span class="chip ${TONES[status] ?? 'bad'}">${status}</span> ${name} ${showStatus(rehearsal)}.
          </p>
          <dl>
            ${facts(rehearsal).map(
              ([term, value]) =>
                html`<div>
                  <dt>${term}</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
          </dl>
          ${notes.map((note) => html`<p class="note">${note}</p>`)}
        </header>
        <main>
          <section aria-labelledby="path">
            <h2 id="path">Path</h2>
            <div class="card picture" tabindex="0" role="region" aria-label="The machine">
              ${diagram(drawnMachine(rehearsal), `The machine of ${scenario.name}, with the path taken`)}
            </div>
            ${interrupts(rehearsal)}
          </section>
          <section aria-labelledby="timeline">
            <h2 id="timeline">Timeline</h2>
            <div class="card">
              ${rehearsal.entries.length === 0 ? html`<p class="soft nothing">Nothing happened after ${showInstant(from, zone)}.</p>` : timelineList(rehearsal)}
            </div>
          </section>
        </main>
        <section class="letters" aria-labelledby="messages">
          <h2 id="messages">Messages</h2>
          ${mails(rehearsal)}
        </section>
      </body>
    </html> `;
}

function facts({ contact, zone, from, until, messages }: Rehearsal): [string, string][] {
  const sent = messages.filter(({ outgoing }) => outgoing !== null).length;
  const known: [string, string | null][] = [
    ['From', showInstant(from, zone)],
    ['Until', showInstant(until, zone)],
    ['Clock', zone],
    ['Messages', `${sent} of ${messages.length} sent`],
    ['Email', contact.email],
    ['Phone', contact.phone],
    ['Country', contact.country],
    ['Language', contact.locale],
  ];
  return known.filter((fact): fact is [string, string] => fact[1] !== null);
}

function interrupts({ scenario }: Rehearsal): Html | null {
  const all = describeInterrupts(scenario);
  if (all.length === 0) return null;
  return html`<p class="soft">
    From every step: ${all.map(({ kind, text }, index) => html`${index > 0 && '; '}<b>${kind}</b> on ${text}`)}.
  </p>`;
}
