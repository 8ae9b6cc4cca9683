import { html, type Html } from '../../../shared/html.ts';
import { showInstant } from '../../show.ts';
import { showCompared, showFigure } from '../compared.ts';
import type { Compared, Forecast } from '../forecast.ts';
import { dayOf } from '../days.ts';
import { showDay, showEstimate, showInput, showNumber } from '../words.ts';
import { policySections } from './policy.ts';
import { style } from './style.ts';
import { table, type Row } from './table.ts';

/** What the page may load: nothing. */
const CONTENT = "default-src 'none'; style-src 'unsafe-inline'";

/** A forecast as one page that needs nothing else and runs no script: charts, tables, and two policies side by side. */
export function forecastPage(forecast: Forecast): Html {
  const { days, from, until, timezone, policies, comparison } = forecast;
  const title = `Forecast over ${days} ${days === 1 ? 'day' : 'days'}`;
  const span = `${showDay(dayOf(from, timezone))} to ${showDay(dayOf(until, timezone))}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT}" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}, ${span}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header class="head">
          <p class="soft">Forecast · the whole base on a virtual clock, by the engine that runs live</p>
          <h1>${days} ${days === 1 ? 'day' : 'days'} <span>${span}</span></h1>
          <p class="lead">${lead(forecast)}</p>
          <dl>
            ${facts(forecast).map(
              ([term, value]) =>
                html`<div>
                  <dt>${term}</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
          </dl>
          ${notes(forecast).map((note) => html`<p class="note">${note}</p>`)}
        </header>
        <main>
          ${comparison.length > 0 && sideBySide(forecast)}
          ${
            policies.length === 1
              ? policySections(policies[0]!, forecast, 2, '')
              : policies.map(
                  (policy, index) =>
                    html`<article class="policy" aria-labelledby="policy-${index}">
                      <h2 id="policy-${index}">Under ${policy.policy}</h2>
                      ${policySections(policy, forecast, 3, `${index}-`)}
                    </article>`,
                )
          }
        </main>
      </body>
    </html> `;
}

function lead({ policies, contacts }: Forecast): Html {
  const { policy, outcomes, reach } = policies[0]!;
  return html`${policies.length > 1 && `Under ${policy}: `}${showEstimate(outcomes.sent)} messages would leave, to
  ${showEstimate(reach.reached)} of ${showNumber(contacts.now)} contacts; ${showEstimate(reach.nothing)} get nothing at
  all.`;
}

function facts({ from, until, timezone, contacts, input, seed, scenarios, sample }: Forecast): [string, string][] {
  const all: [string, string][] = [
    ['From', showInstant(from, timezone)],
    ['Until', showInstant(until, timezone)],
    ['Clock', timezone],
    ['Contacts', `${showNumber(contacts.now)}, ${showNumber(contacts.concerned)} concerned`],
    [
      'Simulated',
      `${showNumber(contacts.simulated)}${sample < 1 ? `, a sample of ${showNumber(sample * 100)} %` : ''}`,
    ],
    ['Events', showInput(input, seed)],
  ];
  if (scenarios !== null) all.push(['Reported', `${scenarios.join(', ')}; all others run beside`]);
  return all;
}

function notes({ complete, sample }: Forecast): string[] {
  if (complete && sample === 1) return [];
  const stopped = complete
    ? []
    : ['Stopped before its end: what follows is estimated from those who had been simulated.'];
  return [
    ...stopped,
    '± is the margin within which 95 of 100 lie. ! stands where few contacts make most of a total: its margin may be too narrow; draw more.',
  ];
}

/** What is no more than chance may have drawn is written softly. */
function sideBySide({ policies, comparison, sample, complete }: Forecast): Html {
  const rows = comparison.map((each): Row => {
    const { value, margin } = each.difference;
    const isSure = Math.abs(value) > margin;
    const [before, after, difference] = showCompared(each, policies);
    return {
      title: showFigure(each),
      cells: [before, after, html`<span class="${isSure && 'change'}">${difference}</span>`],
      ...(isSure ? {} : { tone: 'soft' as const }),
      ...(isPart(each) && { inner: true }),
    };
  });
  const drawn = sample < 1 || !complete;
  return html`<section aria-labelledby="compared">
    <h2 id="compared">Two policies side by side</h2>
    <p class="soft">
      On the same contacts and
      events.${
        drawn &&
        ' The margin of a difference is that of contacts compared with themselves; a difference within it, which another sample may not show, is written softly.'
      }
    </p>
    ${table('Two policies side by side', ['Figure', ...policies.map(({ policy }) => policy), 'difference'], rows)}
  </section>`;
}

/** Of the figure above it. */
function isPart({ figure }: Compared): boolean {
  return figure === 'outcome';
}
