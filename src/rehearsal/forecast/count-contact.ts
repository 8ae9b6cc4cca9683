import { contactZone } from '../../calendar/index.ts';
import type { VirtualContact, WebhookCall } from '../../engine/index.ts';
import { countedSend, type CountedSend, type Decision, type Message, type PolicyVersion } from '../../gate/index.ts';
import { takersOf } from '../../pressure/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';
import { dayOf } from './days.ts';
import { countSides } from './sides.ts';
import { keyOf, type ContactCounts } from './tally.ts';

const MINUTE = 60_000;

/** By what a contact's period is counted. */
export interface Counting {
  policy: PolicyVersion;
  from: Instant;
  until: Instant;
  /** By whose days; IANA name. */
  zone: string;
  /** Scenarios that are counted; null: all. */
  only: ReadonlySet<string> | null;
  heldBefore: ReadonlyMap<Id, Message>;
  /** Parts of a text message that was sent. */
  parts: ReadonlyMap<Id, number>;
}

/** Counts what happened to one contact in the period. `who` tells those who were there from newcomers. */
export function countContact(
  counts: ContactCounts,
  record: VirtualContact,
  who: 'known' | 'newcomer',
  counting: Counting,
): void {
  const isCounted = ({ scenarioId }: { scenarioId: string }): boolean =>
    counting.only === null || counting.only.has(scenarioId);
  const enrollments = [...record.enrollments.values()].filter(isCounted);
  let isInside = false;
  for (const { scenarioId, enteredAt, endedAt } of enrollments) {
    isInside ||= endedAt === null || endedAt >= counting.from;
    if (enteredAt < counting.from) continue;
    const day = dayOf(enteredAt, counting.zone);
    for (const key of [
      keyOf('entries'),
      keyOf('entries', 'scenario', scenarioId),
      keyOf('entries', 'day', day, scenarioId),
    ])
      counts.add(key);
  }
  const messages = [...record.messages.values()].filter(isCounted);
  const decisions = new Map<Id, Decision[]>();
  for (const decision of record.decisions) {
    const own = decisions.get(decision.messageId);
    if (own === undefined) decisions.set(decision.messageId, [decision]);
    else own.push(decision);
  }
  const sends = messages.length === 0 ? [] : sendsOf(record);
  for (const message of messages) {
    countOutcome(counts, message, counting);
    countHolds(counts, message, decisions.get(message.id) ?? [], counting);
    countConflicts(counts, message, decisions.get(message.id) ?? [], record, sends, counting);
  }
  if (counting.policy.policy.frequencyTest !== undefined) countSides(counts, messages, decisions);
  for (const call of record.calls.values()) if (isCounted(call)) countCall(counts, call);
  countReach(counts, messages, isInside, who);
}

/** A call is made as soon as its step is entered; not for those who are held out. */
function countCall(counts: ContactCounts, { scenarioId, step, status }: WebhookCall): void {
  if (status !== 'done' && status !== 'failed') return;
  counts.add(keyOf('calls'));
  counts.add(keyOf('calls', 'step', scenarioId, step));
}

function countOutcome(counts: ContactCounts, message: Message, { zone, until, parts }: Counting): void {
  const { status, channel, programme, scenarioId, settledAt } = message;
  const outcome = status === 'held' ? 'waiting' : status;
  const day = dayOf(settledAt ?? until, zone);
  counts.add(keyOf('messages'));
  counts.add(keyOf('outcome', outcome));
  counts.add(keyOf('outcome', 'scenario', scenarioId, outcome));
  if (outcome !== 'waiting') counts.add(keyOf('outcome', 'day', day, outcome));
  if (outcome === 'sent') {
    counts.add(keyOf('sent', 'cell', day, channel, programme));
    counts.add(keyOf('sent', 'channel', channel));
    counts.add(keyOf('sent', 'programme', programme));
    counts.minutes.push([channel, Math.floor(settledAt! / MINUTE)]);
    const length = parts.get(message.id);
    if (length !== undefined) {
      counts.add(keyOf('parts'), length);
      counts.add(keyOf('parts', 'programme', programme), length);
    }
  }
  if (outcome === 'blocked' || outcome === 'expired' || outcome === 'waiting') {
    const why = reasonOf(message);
    counts.add(keyOf('refused', outcome, ...why));
    counts.add(keyOf('refused', 'programme', outcome, ...why, programme));
    if (outcome !== 'waiting') counts.add(keyOf('refused', 'day', day, outcome, ...why));
  }
}

type Reason = Pick<Decision, 'gate' | 'rule' | 'reason'>;

/** Gate, rule, and the reason where there is no rule; what is wrong with a template differs by contact, and is left out. */
function reasonOf({ gate, rule, reason }: Reason): [string | null, string | null, string | null] {
  return [gate, rule, rule !== null || gate === 'template' ? null : reason];
}

/** How long what held it, until it was judged again: each gate or rule once a message, with all its time together. */
function countHolds(
  counts: ContactCounts,
  message: Message,
  decisions: readonly Decision[],
  { heldBefore, from, until }: Counting,
): void {
  const before = heldBefore.get(message.id);
  if (before === undefined && !decisions.some(({ verdict }) => verdict === 'hold')) return;
  const holds: (Reason & Pick<Decision, 'at' | 'verdict'>)[] = [...decisions];
  if (before !== undefined) {
    const { gate, rule, reason } = before;
    holds.unshift({ at: from, verdict: 'hold', gate, rule, reason });
  }
  const lengths = new Map<string, number>();
  for (const [index, hold] of holds.entries()) {
    const { at, verdict } = hold;
    if (verdict !== 'hold') continue;
    const what = keyOf(...reasonOf(hold));
    lengths.set(what, (lengths.get(what) ?? 0) + (holds[index + 1]?.at ?? until) - at);
  }
  for (const [what, length] of lengths) {
    counts.add(`${keyOf('held')}\t${what}`);
    counts.add(keyOf('held', 'programme', ...what.split('\t'), message.programme));
    counts.spans.push([what, Math.round(length / MINUTE)]);
  }
}

/** Which other programmes' messages had taken the room that this one was refused, once a message and programme. */
function countConflicts(
  counts: ContactCounts,
  message: Message,
  decisions: readonly Decision[],
  { contact }: VirtualContact,
  sends: readonly CountedSend[],
  { policy }: Counting,
): void {
  const zone = contact === null ? policy.policy.timezone : contactZone(contact, policy.policy.timezone);
  const lost = new Map<string, 'held' | 'blocked'>();
  for (const { contactId, gate, rule: name, verdict, at } of decisions) {
    if (gate !== 'pressure' || (verdict !== 'hold' && verdict !== 'block')) continue;
    const { rules } = policy.compiled.ruleBook.inForce(contactId, at);
    const rule = rules.find((each) => each.name === name);
    if (rule === undefined) continue;
    for (const { programme, messageId } of takersOf(rule, sends, at, zone))
      if (messageId !== message.id && programme !== message.programme)
        lost.set(keyOf(programme, message.programme, name), verdict === 'block' ? 'blocked' : 'held');
  }
  for (const [what, how] of lost) counts.add(keyOf('conflict', ...what.split('\t'), how));
}

/** What used room, oldest first; of two at one instant both, whichever was judged first. */
function sendsOf({ earlierSends, messages }: VirtualContact): CountedSend[] {
  const own = [...messages.values()].flatMap((each) => (each.countedAt === null ? [] : [countedSend(each)]));
  return [...earlierSends, ...own].sort((a, b) => a.at - b.at);
}

/** Reached, or why not: what stood against most of its messages. */
function countReach(
  counts: ContactCounts,
  messages: readonly Message[],
  isInside: boolean,
  who: 'known' | 'newcomer',
): void {
  counts.add(keyOf(who));
  if (messages.some(({ status }) => status === 'sent')) return counts.add(keyOf(who, 'reached'));
  if (messages.length === 0) return counts.add(keyOf(who, 'nothing', isInside ? 'no-message' : 'not-entered'));
  const reasons = new Map<string, number>();
  for (const message of messages) {
    const { status } = message;
    const why =
      status === 'blocked' ? keyOf('blocked', ...reasonOf(message)) : keyOf(status === 'held' ? 'waiting' : status);
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const [most] = [...reasons].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]!;
  counts.add(keyOf(who, 'nothing', ...most.split('\t')));
}
