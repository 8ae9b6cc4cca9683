import type { Counter, Decision, Felt, Gate, GateRecord, Message, TestSide } from '../gate/index.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import {
  counterSentence,
  decidingOf,
  decisionSentence,
  gateSentence,
  messageSentence,
  type Returned,
  type Setting,
} from './sentences.ts';
import { loweredJson } from './record-json.ts';
import { sideSentence } from './side.ts';
import type { MessageReturn } from './sql/messages.ts';

export interface ExplainedMessage {
  message: Message;
  /** First judgement first. */
  decisions: readonly Decision[];
  returned: Returned | null;
  /** How it came back, the first return first; absent: nobody asked. */
  returns?: readonly MessageReturn[];
}

/** Why a message was sent, held or not sent, for people and for machines; instants are RFC 3339. */
export interface Explanation {
  language: string;
  /** By whose clock the sentences tell time. */
  zone: string;
  /** Where the message stands: a status or an outcome. */
  verdict: Message['status'];
  sentence: string;
  /** The gate whose answer decided; null when all passed, or none was asked. */
  decidedBy: { gate: Gate; reason: string | null; rule: string | null; policyVersion: number; at: string } | null;
  /** As asked when that was decided, in their order; empty when none was. */
  gates: ExplainedGate[];
  /** The side of the frequency test that ran when that was decided; null when none did. */
  test: (TestSide & { sentence: string }) | null;
  /** Messages that used the room of rules that had none when that was decided, and those for which room was kept. */
  competing: Competing[];
  /** Null when it is not waiting. */
  held: { until: string; since: string } | null;
  /** The earliest instant at which what refused it would let it, or another like it, pass; null when nobody can say. */
  earliest: string | null;
  provider: {
    attempts: number;
    said: string | null;
    nextAttempt: string | null;
    delivered: string | null;
    bounced: string | null;
  };
  judgements: { at: string; verdict: Decision['verdict']; policyVersion: number; sentence: string }[];
}

interface Competing {
  /** Null of one that a timer had yet to plan. */
  messageId: string | null;
  /** When it used the room; of a planned one, when it was due. */
  at: string;
  channel: string;
  scenario: string;
  /** Its template; null when nobody knows any more, or yet. */
  name: string | null;
  rule: string;
  /** Room was kept for it: it had not been sent. */
  planned: boolean;
  /** Of a planned one: its step, and the priority by which it goes before. */
  step: string | null;
  priority: number | null;
}

interface ExplainedGate {
  gate: Gate;
  passed: boolean;
  reason: string | null;
  rule: string | null;
  until: string | null;
  sentence: string;
  counters: {
    rule: string;
    used: number;
    max: number;
    /** What the maximum would have been but for the contact's reactions; null when they lowered nothing. */
    lowered: { from: number; by: (Omit<Felt, 'at'> & { at: string })[] } | null;
    sentence: string;
  }[];
}

/** What no gate let pass. Whatever else becomes of a message, the gates had let it. */
const HELD_BACK: ReadonlySet<Message['status']> = new Set(['held', 'blocked', 'expired', 'cancelled']);

/**
 * All that is known of why a message stands where it does, from its own record and its decisions alone (rule D6): the
 * same facts always give the same explanation.
 */
export function explainMessage({ message, decisions, returned }: ExplainedMessage, setting: Setting): Explanation {
  const asked =
    (HELD_BACK.has(message.status) ? decidingOf(message, decisions) : undefined) ??
    decisions.findLast(({ gates }) => gates.length > 0);
  const refusal = asked?.gates.find(({ passed }) => !passed);
  const isWaiting = message.status === 'held';
  return {
    language: setting.language,
    zone: setting.zone,
    verdict: message.status,
    sentence: messageSentence(message, decisions, returned, setting),
    decidedBy:
      asked === undefined || refusal === undefined
        ? null
        : {
            gate: refusal.gate,
            reason: refusal.reason ?? null,
            rule: refusal.rule ?? null,
            policyVersion: asked.policyVersion,
            at: formatInstant(asked.at),
          },
    gates: (asked?.gates ?? []).map((gate) => explainGate(gate, asked!, message, setting)),
    test: testOf(asked, setting),
    competing: (asked?.gates ?? []).flatMap(({ counters = [] }) =>
      counters.flatMap((counter) => competingOf(counter, setting)),
    ),
    held: isWaiting ? { until: formatInstant(message.dueAt), since: formatInstant(message.plannedAt) } : null,
    earliest: isWaiting ? formatInstant(message.dueAt) : written(earliestOf(message, asked)),
    provider: {
      attempts: message.attempts,
      said: refusal === undefined && message.status !== 'cancelled' ? message.reason : null,
      nextAttempt: message.status === 'ready' ? formatInstant(message.dueAt) : null,
      delivered: written(returned?.deliveredAt ?? null),
      bounced: written(returned?.bouncedAt ?? null),
    },
    judgements: decisions.map((decision, index) => ({
      at: formatInstant(decision.at),
      verdict: decision.verdict,
      policyVersion: decision.policyVersion,
      sentence: decisionSentence(decision, message, setting, decisions[index - 1]),
    })),
  };
}

function competingOf({ rule, taken = [], keptFor = [] }: Counter, { nameOf }: Setting): Competing[] {
  const named = (id: string | null): string | null => (id === null ? null : (nameOf(id) ?? null));
  return [
    ...taken.map((send) => ({ ...send, planned: false, step: null, priority: null })),
    ...keptFor.map((send) => ({ ...send, planned: true })),
  ].map(({ at, ...send }) => ({ ...send, at: formatInstant(at), name: named(send.messageId), rule }));
}

function explainGate(record: GateRecord, decision: Decision, message: Message, setting: Setting): ExplainedGate {
  const { gate, passed, reason = null, rule = null, until = null, counters = [] } = record;
  return {
    gate,
    passed,
    reason,
    rule,
    until: written(until),
    sentence: gateSentence(record, message, decision.policyVersion, setting),
    counters: counters.map((counter) => ({
      rule: counter.rule,
      used: counter.used,
      max: counter.max,
      lowered: counter.lowered === undefined ? null : loweredJson(counter.lowered),
      sentence: counterSentence(counter, record, decision.policyVersion, setting),
    })),
  };
}

function testOf(asked: Decision | undefined, { policyOf, language }: Setting): Explanation['test'] {
  const test = asked?.gates.find((gate) => gate.test !== undefined)?.test;
  if (asked === undefined || test === undefined) return null;
  return { ...test, sentence: sideSentence(test, policyOf(asked.policyVersion), language) };
}

/** The latest of what the gates that refused asked to wait for; null when one of them cannot say. */
function earliestOf({ status }: Message, asked: Decision | undefined): Instant | null {
  const refusals = asked?.gates.filter(({ passed }) => !passed) ?? [];
  if (status === 'sent' || refusals.length === 0 || refusals.some(({ until }) => until === undefined)) return null;
  return Math.max(...refusals.map(({ until }) => until!));
}

const written = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
