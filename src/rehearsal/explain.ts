import type { Decision, Message } from '../gate/index.ts';
import { formatInstant } from '../shared/clock.ts';
import type { Mismatch } from './compare.ts';
import type { TestOutcome } from './run-test.ts';

/** A failed test for people: what differs, then all that happened with the reasons. One line an entry. */
export function explain(mismatches: readonly Mismatch[], outcome: TestOutcome): string[] {
  const differing = mismatches.map(
    ({ path, expected, actual }) => `${path.join('.')}: expected ${expected}, got ${actual}`,
  );
  return [...differing, 'what happened:', ...timeline(outcome).map((line) => `  ${line}`)];
}

function timeline(outcome: TestOutcome): string[] {
  const { messages, calls, enrollments, decisions, nameOf } = outcome;
  const who = (id: string): string => (nameOf.size > 1 ? `${nameOf.get(id)} ` : '');
  const entries = enrollments.flatMap(({ contactId, enteredAt, endedAt, scenarioId, status, reason, state }) => {
    const entered = { at: enteredAt, order: 0, text: `${who(contactId)}enters ${scenarioId}` };
    const where = endedAt === null ? `, is in step ${state.value}` : '';
    const why = reason === null ? '' : ` (${reason})`;
    const left = {
      at: endedAt ?? Number.POSITIVE_INFINITY,
      order: 2,
      text: `${who(contactId)}${scenarioId} ${status}${where}${why}`,
    };
    return [entered, left];
  });
  const told = messages.map((message) => {
    const text = `${who(message.contactId)}${message.channel} ${message.template} ${message.status}${becauseOf(message)}`;
    return {
      at: message.settledAt ?? Number.POSITIVE_INFINITY,
      order: 1,
      text: `${text}${history(decisions.get(message.id) ?? [])}`,
    };
  });
  const called = calls.map(({ contactId, step, method, url, status, error, settledAt }) => ({
    at: settledAt ?? Number.POSITIVE_INFINITY,
    order: 1,
    text: `${who(contactId)}${step} calls ${method} ${url}: ${status}${error === null ? '' : ` (${error})`}`,
  }));
  // Infinity minus infinity is no number.
  const lines = [...entries, ...told, ...called].sort((a, b) => (a.at === b.at ? a.order - b.order : a.at - b.at));
  if (lines.length === 0) return ['nothing'];
  return lines.map(({ at, text }) => `${Number.isFinite(at) ? formatInstant(at) : 'at the end          '}  ${text}`);
}

function becauseOf({ gate, reason, rule }: Message): string {
  const parts = [gate, reason, rule && `rule ${rule}`].filter(Boolean);
  return parts.length === 0 ? '' : ` by ${parts.join(', ')}`;
}

/** What the gates counted, and how often it was held. */
function history(decisions: readonly Decision[]): string {
  const held = decisions
    .filter(({ verdict }) => verdict === 'hold')
    .map(({ gate, rule, until }) => `held by ${rule ?? gate} until ${formatInstant(until!)}`);
  const counters = decisions.at(-1)?.gates.flatMap((gate) => gate.counters ?? []) ?? [];
  const counted = counters.map(({ rule, used, max }) => `${rule} ${used} of ${max}`);
  const parts = [...held, ...counted];
  return parts.length === 0 ? '' : `; ${parts.join('; ')}`;
}
