import { formatInstant } from '../../shared/clock.ts';
import { html, type Html } from '../../shared/html.ts';
import { showEntry, showInstant, showSpan } from '../show.ts';
import type { Rehearsal, SaidGate, TimelineEntry } from '../timeline.ts';

/** All that happened, instant by instant. */
export function timelineList(rehearsal: Rehearsal): Html {
  const { entries, zone, from } = rehearsal;
  const numbered = entries.map((entry, index) => ({ entry, index }));
  const instants = [...new Set(entries.map(({ at }) => at))];
  return html`<ol class="timeline">
    ${instants.map((at, position) => {
      const since = at - (instants[position - 1] ?? from);
      return html`<li>
        <h3>
          <time datetime="${formatInstant(at)}">${showInstant(at, zone)}</time
          >${since > 0 && html`<span>after ${showSpan(since)}</span>`}
        </h3>
        <ul>
          ${numbered.filter(({ entry }) => entry.at === at).map(({ entry, index }) => row(entry, index, rehearsal))}
        </ul>
      </li>`;
    })}
  </ol>`;
}

function row(entry: TimelineEntry, index: number, rehearsal: Rehearsal): Html {
  const { label, text } = showEntry(entry, rehearsal.zone);
  return html`<li id="entry-${index}" class="${entry.kind} ${toneOf(entry)}">
    <span class="kind">${label}</span>
    <div>
      ${entry.kind === 'message' ? messageText(entry, rehearsal) : truthOf(entry, text)}${entry.kind === 'judged' && gates(entry.gates)}
    </div>
  </li>`;
}

function toneOf(entry: TimelineEntry): string {
  if (entry.kind === 'guard' || entry.kind === 'admission') return entry.value ? 'yes' : 'no';
  if (entry.kind === 'judged') return { send: 'good', hold: 'wait' }[entry.verdict as string] ?? 'bad';
  if (entry.kind === 'message') return entry.outcome === 'sent' ? 'good' : 'bad';
  if (entry.kind === 'called') return entry.outcome === 'done' ? 'good' : 'bad';
  if (entry.kind === 'not-entered') return 'bad';
  return '';
}

/** A guard's answer is set apart from its words. */
function truthOf(entry: TimelineEntry, text: string): Html {
  if (entry.kind !== 'guard' && entry.kind !== 'admission') return html`${text}`;
  const words = text.slice(0, text.lastIndexOf(' → '));
  return html`${words} <b class="truth">${String(entry.value)}</b>`;
}

function messageText(
  { messageId, reason }: Extract<TimelineEntry, { kind: 'message' }>,
  { messages }: Rehearsal,
): Html {
  const sent = messages.find(({ message }) => message.id === messageId);
  const outgoing = sent?.outgoing ?? null;
  if (outgoing === null) return html`${sent?.message.channel} ${sent?.message.template}: ${reason}`;
  return html`<a href="#message-${messageId}">${outgoing.subject ?? outgoing.text}</a>
    <span class="soft">to ${outgoing.to}</span>`;
}

function gates(records: readonly SaidGate[]): Html | null {
  if (records.length === 0) return null;
  return html`<ul class="gates" aria-label="Gates">
    ${records.map(
      ({ gate, passed, sentence, counters = [], test }) =>
        html`<li class="${passed ? 'passed' : 'refused'}">
          <span>${passed ? '✓' : '✕'} ${gate}</span>
          <span class="soft">${sentence}</span
          >${counters.map((counter) => html` <span class="counter">${counter.rule} <b>${counter.used}/${counter.max}</b>${counter.lowered === undefined ? '' : ` lowered from ${counter.lowered.from}`}</span>`)}${test === undefined ? '' : html` <span class="counter">frequency test ${test.id}: <b>${test.side}</b></span>`}
        </li>`,
    )}
  </ul>`;
}
