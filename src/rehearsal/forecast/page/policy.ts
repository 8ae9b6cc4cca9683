import { SIDES } from '../../../gate/index.ts';
import { html, type Html, type HtmlValue } from '../../../shared/html.ts';
import { showInstant, showSpan } from '../../show.ts';
import type { Estimate } from '../estimate.ts';
import {
  OUTCOMES,
  type DayForecast,
  type Forecast,
  type Outcome,
  type PolicyForecast,
  type Reach,
} from '../forecast.ts';
import { showDay, showEstimate, showMoney, showNumber, showReach, showWhy } from '../words.ts';
import { sideRows } from '../sides.ts';
import { dayChart, type Series } from './day-chart.ts';
import { table, type Row } from './table.ts';

const TONES: Partial<Record<Outcome, Row['tone']>> = { sent: 'good', blocked: 'bad', expired: 'bad', waiting: 'wait' };

/** All that is forecast under one policy. Headings are of this level; `key` tells two policies' sections apart. */
export function policySections(policy: PolicyForecast, forecast: Forecast, level: 2 | 3, key: string): Html[] {
  const parts: [id: string, title: string, content: HtmlValue][] = [
    ['totals', 'Totals', tiles(policy, forecast)],
    ['days', 'Day by day', byDay(policy)],
    ['kept', 'What gates and rules keep back', refused(policy)],
    ['held', 'What waits, and for how long', held(policy)],
    ['programmes', 'Programmes and scenarios', byScenario(policy)],
    ['sides', 'Frequency test', bySide(policy)],
    ['conflicts', 'Whose messages took whose room', conflicts(policy)],
    ['contacts', 'Who gets something, and who nothing', reach(policy.reach, 'of all contacts')],
    ['newcomers', 'Newcomers', policy.newcomers.contacts.value > 0 && reach(policy.newcomers, 'of all newcomers')],
    ['calls', 'Calls to other systems', calls(policy)],
    ['broken', 'Left out', broken(policy)],
  ];
  return parts
    .filter(([, , content]) => content !== null && content !== false)
    .map(
      ([id, title, content]) =>
        html`<section>
          ${level === 2 ? html`<h2 id="${key}${id}">${title}</h2>` : html`<h3 id="${key}${id}">${title}</h3>`}
          ${content}
        </section>`,
    );
}

function tiles(
  {
    entries,
    messages,
    outcomes,
    sms,
    calls: { total },
    reach: { reached, contacts },
    busiestMinute,
    held: holds,
  }: PolicyForecast,
  { timezone }: Forecast,
): Html {
  const waited = holds.reduce((sum, { messages: each }) => sum + each.value, 0);
  const all: [string, HtmlValue, string?][] = [
    ['Sent', tile(outcomes.sent), `of ${showEstimate(messages)} messages`],
    ['Reached', tile(reached), `of ${showEstimate(contacts)} contacts`],
    ['Blocked', tile(outcomes.blocked)],
    ['Expired', tile(outcomes.expired)],
    ['Held at some time', showNumber(waited), `${showEstimate(outcomes.waiting)} still at the end`],
    ['Entries', tile(entries), 'into scenarios'],
  ];
  if (sms.parts.value > 0)
    all.push(['SMS parts', tile(sms.parts), sms.cost === null ? undefined : showMoney(sms.cost)]);
  if (busiestMinute !== null) {
    const { at, messages: most, channels } = busiestMinute;
    const each = Object.entries(channels).map(([channel, count]) => `${channel} ${showNumber(count)}`);
    all.push(['Busiest minute', tile(most), `${showInstant(at, timezone)}: ${each.join(', ')}`]);
  }
  if (total.value > 0) all.push(['Webhook calls', tile(total)]);
  return html`<dl class="tiles">
    ${all.map(
      ([term, value, more]) =>
        html`<div class="card">
          <dt>${term}</dt>
          <dd>${value}${more !== undefined && html`<small>${more}</small>`}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Its margin smaller, under it where there is no room beside. */
function tile(estimate: Estimate): Html {
  const [value, ...margin] = showEstimate(estimate).split(' ');
  return html`${value}${margin.length > 0 && html` <span class="margin">${margin.join(' ')}</span>`}`;
}

/** What is sent, and what is kept back, as bars; then every number. */
function byDay({ days }: PolicyForecast): Html | null {
  const dates = days.map(({ day }) => day);
  const sent = seriesOf(days, ({ sent: cells }) =>
    cells.map(({ programme, channel, messages }) => [`${programme}, ${channel}`, messages]),
  );
  const kept = seriesOf(days, ({ refused: all }) =>
    all.map(({ outcome, messages, ...why }) => [`${outcome} by ${showWhy(why)}`, messages]),
  );
  if (sent.length === 0 && kept.length === 0) return null;
  const shown = OUTCOMES.filter(
    (outcome): outcome is Exclude<Outcome, 'waiting'> =>
      outcome !== 'waiting' && days.some(({ outcomes }) => outcomes[outcome] > 0),
  );
  return html`${sent.length > 0 && html`<div class="card">${dayChart('Messages sent', dates, sent)}</div>`}
    ${
      kept.length > 0 &&
      html`<p class="soft apart">Blocked or expired, by what kept them back:</p>
        <div class="card">${dayChart('Messages kept back', dates, kept)}</div>`
    }
    <details>
      <summary>Every number, as a table</summary>
      ${table(
        'Day by day',
        ['Day', 'entries', ...sent.map(({ name }) => name), ...shown],
        days.map(({ day, entries, outcomes }, index) => ({
          title: showDay(day),
          cells: [
            showNumber(entries),
            ...sent.map(({ values }) => showNumber(values[index]!)),
            ...shown.map((outcome) => showNumber(outcomes[outcome])),
          ],
        })),
      )}
    </details>`;
}

function seriesOf(
  days: readonly DayForecast[],
  cells: (day: DayForecast) => readonly (readonly [name: string, value: number])[],
): Series[] {
  const found = new Map<string, number[]>();
  for (const [index, day] of days.entries())
    for (const [name, value] of cells(day)) {
      const values = found.get(name) ?? days.map(() => 0);
      values[index]! += value;
      found.set(name, values);
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, values]) => ({ name, values }));
}

function refused({ refused: all, messages: { value: messages } }: PolicyForecast): Html | null {
  const rows = all.map(({ outcome, messages: count, programmes, ...why }): Row => ({
    title: html`<span class="chip ${TONES[outcome]}">${outcome}</span> by ${showWhy(why)}`,
    cells: [
      showEstimate(count),
      percent(count.value, messages),
      programmes.map((each) => `${each.programme} ${showNumber(each.messages.value)}`).join(', '),
    ],
    share: count.value / messages,
    tone: TONES[outcome],
  }));
  return rows.length === 0
    ? null
    : table('What gates and rules keep back', ['Outcome and reason', 'messages', 'of all', 'of which'], rows);
}

function held({ held: all }: PolicyForecast): Html | null {
  const span = (minutes: number): string => showSpan(minutes * 60_000);
  const most = Math.max(...all.map(({ messages }) => messages.value));
  const rows = all.map(({ messages, median, p90, longest, ...why }): Row => ({
    title: showWhy(why),
    cells: [showEstimate(messages), span(median), span(p90), span(longest)],
    share: messages.value / most,
    tone: 'wait',
  }));
  return rows.length === 0
    ? null
    : table('What waits, and for how long', ['Held by', 'messages', 'half within', '9 of 10 within', 'longest'], rows);
}

function byScenario({ programmes, scenarios }: PolicyForecast): Html | null {
  const shown = OUTCOMES.filter((outcome) => scenarios.some(({ outcomes }) => outcomes[outcome].value > 0));
  const most = Math.max(...programmes.map(({ sent }) => sent.value));
  const hasParts = programmes.some(({ smsParts }) => smsParts.value > 0);
  const sent = programmes.map(({ programme, sent: count, smsParts }): Row => ({
    title: programme,
    cells: [showEstimate(count), ...(hasParts ? [showEstimate(smsParts)] : [])],
    share: count.value / most,
  }));
  const each = scenarios.map(({ scenario, entries, outcomes }): Row => ({
    title: scenario,
    cells: [showEstimate(entries), ...shown.map((outcome) => showEstimate(outcomes[outcome]))],
  }));
  if (sent.length + each.length === 0) return null;
  return html`${sent.length > 0 && table('Programmes', ['Programme', 'sent', ...(hasParts ? ['SMS parts'] : [])], sent)}
  ${each.length > 0 && html`<div class="apart">${table('Scenarios', ['Scenario', 'entries', ...shown], each)}</div>`}`;
}

function bySide({ frequencyTest: test }: PolicyForecast): Html | null {
  if (test === null) return null;
  const rows = sideRows(test).map(([title, ...cells]): Row => ({ title, cells }));
  return table('Frequency test', [`Test ${test.id}`, ...SIDES], rows);
}

function conflicts({ conflicts: all }: PolicyForecast): Html | null {
  const rows = all.map(({ winner, loser, rule, held: waited, blocked }): Row => ({
    title: html`${winner} <span class="soft">before</span> ${loser}`,
    cells: [rule, showEstimate(waited), showEstimate(blocked)],
  }));
  return rows.length === 0
    ? null
    : table('Whose messages took whose room', ['Whose before whose', 'rule', 'held', 'blocked'], rows);
}

function reach({ contacts, reached, nothing, why }: Reach, of: string): Html {
  const row = (title: string, count: Estimate, tone: Row['tone']): Row => ({
    title,
    cells: [showEstimate(count), percent(count.value, contacts.value)],
    share: contacts.value === 0 ? 0 : count.value / contacts.value,
    tone,
  });
  return table(
    'Contacts',
    ['Who', 'contacts', of],
    [
      { title: 'all', cells: [showEstimate(contacts), ''] },
      row('get something', reached, 'good'),
      row('get nothing at all', nothing, 'bad'),
      ...why.map((each) => ({ ...row(showReach(each), each.contacts, 'soft'), inner: true })),
    ],
  );
}

function calls({ calls: { steps } }: PolicyForecast): Html | null {
  const rows = steps.map(({ scenario, step, calls: count }): Row => {
    return { title: html`${scenario}, step ${step}`, cells: [showEstimate(count)] };
  });
  return rows.length === 0 ? null : table('Calls to other systems', ['Step', 'calls'], rows);
}

function broken({ broken: { contacts, example } }: PolicyForecast): Html | null {
  if (contacts === 0) return null;
  return html`<p class="note">
    ${showNumber(contacts)} contacts were left out: the engine cannot move them on, such as ${example}.
  </p>`;
}

function percent(part: number, of: number): string {
  if (of === 0) return '';
  const share = (part / of) * 100;
  return `${share > 0 && share < 0.1 ? '< 0.1' : share.toFixed(share < 10 ? 1 : 0)} %`;
}
