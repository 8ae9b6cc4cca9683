import { showEntry, showGate, showInstant, showSpan, showStatus } from './show.ts';
import type { Rehearsal, SaidGate, TimelineEntry } from './timeline.ts';

/** Lines of a mail's text that the timeline shows. */
const FIRST_LINES = 4;
const LABEL = 10;

/** A rehearsal as a timeline for the terminal. */
export function rehearsalText(rehearsal: Rehearsal): string {
  const { scenario, version, contact, zone, from, notes } = rehearsal;
  const lines = [
    `${scenario.name} (${scenario.scenario}${version === null ? '' : `, version ${version}`})`,
    `for ${contact.userId ?? contact.id}, by the clock of ${zone}, from ${showInstant(from, zone)}`,
    ...notes.map((note) => `note: ${note}`),
  ];
  let before = from;
  for (const [at, entries] of byInstant(rehearsal.entries)) {
    lines.push('', `${showInstant(at, zone)}${at > before ? `   after ${showSpan(at - before)}` : ''}`);
    before = at;
    for (const entry of entries) lines.push(...entryLines(entry, rehearsal));
  }
  const { messages } = rehearsal;
  const left = messages.filter(({ outgoing }) => outgoing !== null).length;
  lines.push(
    '',
    `${contact.userId ?? contact.id} ${showStatus(rehearsal)}; ${left} of ${messages.length} messages sent`,
  );
  return `${lines.join('\n')}\n`;
}

/** What happened at one instant together, in order. */
export function byInstant(entries: readonly TimelineEntry[]): [number, TimelineEntry[]][] {
  const groups: [number, TimelineEntry[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.[0] === entry.at) last[1].push(entry);
    else groups.push([entry.at, [entry]]);
  }
  return groups;
}

function entryLines(entry: TimelineEntry, { zone, messages }: Rehearsal): string[] {
  const { label, text } = showEntry(entry, zone);
  const lines = [line(label, text)];
  if (entry.kind === 'judged') lines.push(...gateLines(entry.gates));
  if (entry.kind !== 'message') return lines;
  const outgoing = messages.find(({ message }) => message.id === entry.messageId)?.outgoing;
  if (outgoing === null || outgoing === undefined) return lines;
  const words = outgoing.text.split('\n').filter((each) => each.trim() !== '');
  const shown = words.slice(0, FIRST_LINES).map((each) => line('', `  ${each.trim()}`));
  if (words.length > FIRST_LINES) shown.push(line('', '  …'));
  return [line(label, `to ${outgoing.to}${outgoing.subject === null ? '' : `: ${outgoing.subject}`}`), ...shown];
}

/** Gates that simply passed share a line. */
function gateLines(gates: readonly SaidGate[]): string[] {
  const plain = gates.filter(
    ({ passed, reason, counters = [] }) => passed && reason === undefined && counters.length === 0,
  );
  const told = gates.filter((gate) => !plain.includes(gate)).map((gate) => line('', `  ${showGate(gate)}`));
  return plain.length === 0 ? told : [line('', `  ${plain.map(({ gate }) => gate).join(', ')} ok`), ...told];
}

const line = (label: string, text: string): string => `  ${label.padEnd(LABEL)}${text}`.trimEnd();
