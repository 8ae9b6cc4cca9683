import { writtenRules } from '../gate/index.ts';
import type { Counter, Decision, GateRecord, Message, MessageStatus, Policy, TestSide } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { WORDS, type Language } from './language.ts';
import { CANCELLATIONS, type GateTold, type OutcomeTold, type RuleTold, type Words } from './told.ts';

/** For whom something is explained, and what is known to explain it by. */
export interface Setting {
  language: Language;
  /** By whose clock instants are written: the contact's. */
  zone: string;
  /** A published policy; null when that version cannot be read any more. */
  policyOf: (version: number) => Policy | null;
  /** What the message of this id was: its template. */
  nameOf: (messageId: Id) => string | undefined;
}

/** What sentences read of a message. */
export type Subject = Pick<Message, 'channel' | 'purpose' | 'sender' | 'plannedAt'>;

/** What came back from the provider after the hand-over. */
export interface Returned {
  deliveredAt: Instant | null;
  bouncedAt: Instant | null;
}

type Spoken = GateTold & { words: Words };

/** One gate's answer, in a clause: `the contact withdrew the consent to “Newsletter” by email`. */
export function gateSentence(record: GateRecord, subject: Subject, policyVersion: number, setting: Setting): string {
  return clause(told(record, subject, policyVersion, setting));
}

/** What one rule counted, in a few words: `weekly-ceiling: 2 of 3 within 7 days`. */
export function counterSentence(
  counter: Counter,
  { test }: GateRecord,
  policyVersion: number,
  setting: Setting,
): string {
  const policy = setting.policyOf(policyVersion);
  return WORDS[setting.language].counted(ruleTold(counter.rule, counter, test, policy));
}

/** How long before its end a judgement is not relied upon any more (dispatch/holds.ts), and a little; milliseconds. */
const NEAR_ITS_END = 5_000;

/** One judgement, in a sentence; in two where the one before it ran out before the message was handed over (rule P1a). */
export function decisionSentence(decision: Decision, subject: Subject, setting: Setting, before?: Decision): string {
  const words = WORDS[setting.language];
  const held = before?.verdict === 'send' ? before.until : null;
  if (held !== null && decision.at >= held - NEAR_ITS_END && before !== undefined)
    return `${words.ranOut(words.instant(held, setting.zone))} ${decisionSentence(decision, subject, setting)}`;
  if (decision.verdict === 'send') return words.allPassed;
  const status = STATUS_AFTER[decision.verdict];
  return words.outcome[status]({
    ...outcomeOfDecision(decision, subject, setting),
    settled: null,
    due: decision.until ?? decision.at,
  });
}

/** Where a message stands and why, in one or two sentences that a marketer understands (law L13). */
export function messageSentence(
  message: Message,
  decisions: readonly Decision[],
  returned: Returned | null,
  setting: Setting,
): string {
  const deciding = decidingOf(message, decisions);
  const base: OutcomeTold =
    deciding === undefined ? nothingDecided(message, setting) : outcomeOfDecision(deciding, message, setting);
  const why = message.status === 'cancelled' ? cancellation(message.reason, setting) : base.why;
  return WORDS[setting.language].outcome[message.status]({
    ...base,
    why,
    reason: message.reason,
    attempts: message.attempts,
    judged: decisions.at(-1)?.at ?? null,
    due: message.dueAt,
    settled: message.settledAt,
    expires: message.expiresAt,
    delivered: returned?.deliveredAt ?? null,
    bounced: returned?.bouncedAt ?? null,
  });
}

/**
 * The judgement that a message's standing is explained by: of what was sent after a wait the first that held it, else
 * the last that was asked through the gates.
 */
export function decidingOf({ status }: Message, decisions: readonly Decision[]): Decision | undefined {
  if (status === 'sent') return decisions.find(({ verdict }) => verdict === 'hold');
  return decisions.findLast(({ gates }) => gates.some(({ passed }) => !passed));
}

const STATUS_AFTER: Record<Exclude<Decision['verdict'], 'send'>, MessageStatus> = {
  hold: 'held',
  block: 'blocked',
  expire: 'expired',
  cancel: 'cancelled',
  holdout: 'holdout',
};

function outcomeOfDecision(decision: Decision, subject: Subject, setting: Setting): OutcomeTold {
  const refused = decision.gates.find(({ passed }) => !passed);
  const base = nothingDecided(subject, setting);
  if (decision.verdict === 'cancel') return { ...base, why: cancellation(decision.reason, setting) };
  if (refused === undefined) return base;
  const spoken = told(refused, subject, decision.policyVersion, setting);
  const consequence = decision.verdict === 'block' ? consequenceOf(spoken) : '';
  return { ...base, why: clause(spoken), consequence };
}

function nothingDecided({ channel, plannedAt }: Subject, { language, zone }: Setting): OutcomeTold {
  return {
    channel,
    why: null,
    consequence: '',
    reason: null,
    attempts: 0,
    planned: plannedAt,
    judged: null,
    due: plannedAt,
    settled: null,
    expires: null,
    delivered: null,
    bounced: null,
    at: (instant) => WORDS[language].instant(instant, zone),
  };
}

function told(record: GateRecord, subject: Subject, policyVersion: number, setting: Setting): Spoken {
  const policy = setting.policyOf(policyVersion);
  const { channel, sender, purpose } = subject;
  const words = WORDS[setting.language];
  const counter = record.counters?.find(({ rule }) => rule === record.rule) ?? null;
  const label = policy !== null && Object.hasOwn(policy.purposes, purpose) ? policy.purposes[purpose]!.label : purpose;
  return {
    words,
    channel,
    sender,
    purpose: label,
    record,
    rule: record.rule === undefined ? null : ruleTold(record.rule, counter, record.test, policy),
    nameOf: setting.nameOf,
    at: (instant) => words.instant(instant, setting.zone),
  };
}

function ruleTold(name: string, counter: Counter | null, test: TestSide | undefined, policy: Policy | null): RuleTold {
  const rules = policy === null ? [] : writtenRules(policy, test?.side ?? 'base');
  return { name, counter, written: rules.find(({ rule }) => rule === name) ?? null };
}

function clause(spoken: Spoken): string {
  const { words, record } = spoken;
  const { gate, passed, reason } = record;
  const known: Readonly<Record<string, (told: GateTold) => string>> = passed
    ? words.passedBecause[gate]
    : words.refused[gate];
  if (reason !== undefined && Object.hasOwn(known, reason)) return known[reason]!(spoken);
  return (passed ? words.passed : words.refusedOtherwise)[gate](spoken);
}

/** What the rule does with what it has no room for, of a message that it blocked. */
function consequenceOf({ words, record, rule, at }: Spoken): string {
  const onBlocked = rule?.written?.onBlocked;
  if (onBlocked === undefined || record.gate !== 'pressure') return '';
  if (onBlocked === 'drop' || onBlocked === 'exit') return words.consequence[onBlocked];
  if ('switch' in onBlocked) return words.consequence.switch(onBlocked.switch);
  return words.consequence.hold(words.duration(onBlocked.hold), record.until === undefined ? null : at(record.until));
}

/** What the engine writes when a rule ends an enrollment (engine/message-desk.ts). */
const BY_RULE = /^blocked by (.+)$/;

function cancellation(reason: string | null, { language }: Setting): string {
  const { cancelled } = WORDS[language];
  const known = CANCELLATIONS.find((each) => each === (reason ?? 'exited'));
  if (known !== undefined) return cancelled[known];
  const rule = BY_RULE.exec(reason!)?.[1];
  return rule === undefined ? cancelled.otherwise(reason!) : cancelled.byRule(rule);
}
