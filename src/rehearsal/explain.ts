import { formatInstant } from '../shared/clock.ts';
import { showPreferences } from './show-preferences.ts';
import { showCounter } from './show.ts';
import { contactZone } from '../calendar/index.ts';
import { decisionSentence, messageSentence, type Setting } from '../explain/index.ts';
import type { Decision, Message, PolicyVersion } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import { callRows, describe, messageRows, type Mismatch, type Row } from './compare.ts';
import type { TestOutcome } from './run-test.ts';
import type { ScenarioTest, TestLine } from './test-file.schema.ts';
import type { Testimony } from './witness.ts';

/** A failed test, and all that is known of it. */
export interface Failure {
  test: ScenarioTest;
  mismatches: readonly Mismatch[];
  outcome: TestOutcome;
  /** What the guards answered. */
  testimonies: readonly Testimony[];
  policy: PolicyVersion;
  /** The line of the test file in which an expectation stands; `path` is below `expect`. */
  lineOf: (path: readonly (string | number)[]) => number;
}

/**
 * A failed test for people, line by line: what differs and where that was expected, the messages expected and actual
 * side by side, then all that happened and why.
 */
export function explain({ test, mismatches, outcome, testimonies, policy, lineOf }: Failure): string[] {
  const differing = mismatches.map(
    ({ path, expected, actual }) => `${path.join('.')}: expected ${expected}, got ${actual}  (line ${lineOf(path)})`,
  );
  const { messages = [], webhooks = [] } = test.expect;
  const rows = messageRows(messages, outcome);
  const beside = [
    ...whatBlocked(rows, outcome, policy),
    ...sideBySide('messages', rows, mismatches),
    ...sideBySide('webhooks', callRows(webhooks, outcome), mismatches),
  ];
  const happened = timeline(test, outcome, testimonies, policy);
  return [...differing, ...beside, 'what happened:', ...happened.map((line) => `  ${line}`)];
}

/** Of whom nothing is known. */
const NOWHERE = { timezone: null, country: null };

/** Of each message that came otherwise than expected and was not sent: the gate, rule and counter that kept it back. */
function whatBlocked(rows: readonly Row[], outcome: TestOutcome, { policy }: PolicyVersion): string[] {
  return rows
    .filter(({ actual }) => actual !== null)
    .flatMap(({ same }, index) => {
      const message = outcome.messages[index]!;
      const decisions = outcome.decisions.get(message.id) ?? [];
      if (same || message.status === 'sent' || message.gate === null) return [];
      const last = decisions.at(-1);
      const counters = last?.gates.flatMap((gate) => gate.counters ?? []) ?? [];
      const full = counters.filter(({ rule }) => rule === message.rule).map((counter) => ` (${showCounter(counter)})`);
      const setting = settingOf(message, outcome, policy);
      const sentence = clockNamed(messageSentence(message, decisions, null, setting), setting);
      return [
        `${message.channel} ${message.template} was ${message.status}${becauseOf(message)}${full.join('')}: ${sentence}`,
      ];
    });
}

/** How one speaks of a message: in English, by the clock of its contact. */
function settingOf(
  { contactId }: Message,
  { contacts, messages, nameOf }: TestOutcome,
  policy: PolicyVersion['policy'],
): Setting {
  return {
    language: 'en',
    zone: contactZone(contacts.get(nameOf.get(contactId) ?? '') ?? NOWHERE, policy.timezone),
    policyOf: () => policy,
    nameOf: (id) => messages.find((message) => message.id === id)?.template,
  };
}

/** The instants beside are those of UTC: a sentence that tells a time says by whose clock. */
function clockNamed(sentence: string, { zone }: Setting): string {
  return /\d{1,2}:\d{2}/.test(sentence) ? `${sentence} Times are by the clock of ${zone}.` : sentence;
}

/** `≠ expected | actual`, a line each; `=` where they agree. Nothing where none of the list differs. */
function sideBySide(list: string, rows: readonly Row[], mismatches: readonly Mismatch[]): string[] {
  if (!mismatches.some(({ path }) => path[0] === list)) return [];
  const lines = rows.map(({ expected, actual, same }) => ({
    sign: same ? '=' : '≠',
    left: expected === null ? '(none)' : describe(expected) || '(anything)',
    right: actual === null ? '(none)' : describe(actual),
  }));
  const width = Math.max('expected'.length, ...lines.map(({ left }) => left.length));
  return [
    `${list}:`,
    `    ${'expected'.padEnd(width)}   actual`,
    ...lines.map(({ sign, left, right }) => `  ${sign} ${left.padEnd(width)} | ${right}`),
  ];
}

/** Entries of one instant: what arrived, who was let in, what steps asked, what became of messages, who left. */
const ORDER = { arrival: 0, admission: 1, entry: 2, step: 3, message: 4, outcome: 5, end: 6 };

function timeline(
  test: ScenarioTest,
  outcome: TestOutcome,
  testimonies: readonly Testimony[],
  { policy }: PolicyVersion,
): string[] {
  const { messages, calls, enrollments, decisions, nameOf } = outcome;
  const who = (id: string): string => (nameOf.size > 1 ? `${nameOf.get(id)} ` : '');
  const arrivals = test.timeline.map((line) => ({
    at: line.at,
    order: ORDER.arrival,
    text: arrival(line, nameOf.size > 1),
  }));
  const answers = testimonies.map(({ at, contactId, asked, text }) => ({
    at,
    order: ORDER[asked],
    text: `  ${who(contactId)}${text}`,
  }));
  const entries = enrollments.flatMap(({ contactId, enteredAt, endedAt, scenarioId, status, reason, state }) => {
    const entered = { at: enteredAt, order: ORDER.entry, text: `${who(contactId)}enters ${scenarioId}` };
    const where = endedAt === null ? `, is in step ${state.value}` : '';
    const why = reason === null ? '' : ` (${reason})`;
    const left = {
      at: endedAt ?? Number.POSITIVE_INFINITY,
      order: ORDER.end,
      text: `${who(contactId)}${scenarioId} ${status}${where}${why}`,
    };
    return [entered, left];
  });
  const told = messages.flatMap((message) =>
    messageEntries(
      message,
      decisions.get(message.id) ?? [],
      who(message.contactId),
      settingOf(message, outcome, policy),
    ),
  );
  const called = calls.map(({ contactId, step, method, url, status, error, settledAt }) => ({
    at: settledAt ?? Number.POSITIVE_INFINITY,
    order: ORDER.message,
    text: `${who(contactId)}${step} calls ${method} ${url}: ${status}${error === null ? '' : ` (${error})`}`,
  }));
  // Infinity minus infinity is no number.
  const lines = [...arrivals, ...answers, ...entries, ...told, ...called].sort((a, b) =>
    a.at === b.at ? a.order - b.order : a.at - b.at,
  );
  if (enrollments.length === 0 && messages.length === 0 && calls.length === 0)
    lines.push({ at: Infinity, order: 0, text: 'nobody has entered, nothing was sent' });
  return lines.map(({ at, text }) => `${Number.isFinite(at) ? formatInstant(at) : 'at the end          '}  ${text}`);
}

function arrival(
  { contact, track, properties, identify, consent, preferences, restrict, reply, to, publish, inFlight }: TestLine,
  several: boolean,
): string {
  const whose = several && contact !== undefined ? `${contact}: ` : '';
  if (track !== undefined)
    return `${whose}event ${track}${properties === undefined ? '' : ` ${JSON.stringify(properties)}`}`;
  if (identify !== undefined) return `${whose}traits ${JSON.stringify(identify)}`;
  if (consent !== undefined) return `${whose}consent to ${consent.purpose} by ${consent.channel}: ${consent.action}`;
  if (reply !== undefined) return `${whose}writes ${JSON.stringify(reply)}${to === undefined ? '' : ` to ${to}`}`;
  if (restrict !== undefined) return `${whose}${restrict ? 'is restricted' : 'restriction lifted'}`;
  if (preferences !== undefined) return `${whose}preferences ${showPreferences(preferences)}`;
  return `publishes ${publish}, ${inFlight}`;
}

/** Each time it was held, with what the gate counted then; and how it ended. */
function messageEntries(
  message: Message,
  decisions: readonly Decision[],
  who: string,
  setting: Setting,
): { at: Instant; order: number; text: string }[] {
  const name = `${who}${message.channel} ${message.template}`;
  const held = decisions
    .filter(({ verdict }) => verdict === 'hold')
    .map((decision) => ({
      at: decision.at,
      order: ORDER.message,
      text: `${name} held by ${decision.rule ?? decision.gate} until ${formatInstant(decision.until!)}${counted(decision)}: ${clockNamed(decisionSentence(decision, message, setting), setting)}`,
    }));
  const last = decisions.at(-1);
  const isPlain = message.status === 'sent' || last?.verdict === 'holdout';
  const why = isPlain ? '' : `: ${clockNamed(messageSentence(message, decisions, null, setting), setting)}`;
  const end = {
    at: message.settledAt ?? Number.POSITIVE_INFINITY,
    order: ORDER.message,
    text: `${name} ${message.status}${becauseOf(message)}${last === undefined ? '' : counted(last)}${why}`,
  };
  return [...held, end];
}

function becauseOf({ gate, reason, rule }: Message): string {
  const parts = [gate, reason, rule && `rule ${rule}`].filter(Boolean);
  return parts.length === 0 ? '' : ` by ${parts.join(', ')}`;
}

function counted({ gates }: Decision): string {
  const counters = gates.flatMap((gate) => gate.counters ?? []);
  return counters.map((counter) => `; ${showCounter(counter)}`).join('');
}
