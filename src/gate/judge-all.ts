import type { CountedSend, PlannedSend, ScopeSubject } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import { applyVerdict } from './apply-verdict.ts';
import { judge } from './judge.ts';
import type { ConsentPast, Decision, JudgeFacts, Message, Verdict } from './message.ts';
import type { PolicyVersion } from './policy.ts';
import { withTaken } from './taken.ts';

/** One candidate after its judgement: a changed copy of the message, its decision record, and the verdict. */
export interface Judgement {
  message: Message;
  decision: Decision;
  verdict: Verdict;
}

/**
 * Who is judged first among messages that are due together (rule P2): higher priority, then earlier due, then earlier
 * planned (which tells apart what was held to one instant), then by id.
 */
export function byPrecedence(a: Message, b: Message): number {
  return (
    b.priority - a.priority ||
    a.dueAt - b.dueAt ||
    a.plannedAt - b.plannedAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/**
 * Judges all messages of one contact that are due at `now`, in order of precedence; what passes and counts uses room
 * before the next is judged. The order in which the candidates are given changes nothing (rule P2).
 * Returned in the order of judgement. Pure: neither the candidates nor the facts are changed.
 */
export function judgeAll(
  candidates: readonly Message[],
  facts: JudgeFacts,
  policy: PolicyVersion,
  now: Instant,
): Judgement[] {
  let seen = withoutRoomOf(candidates, facts);
  return [...candidates].sort(byPrecedence).map((candidate) => {
    const judgement = judgeOne(candidate, seen, policy, now);
    if (judgement.verdict.kind === 'send') seen = { ...seen, past: withSpent(seen.past, candidate, policy) };
    if (judgement.message.countedAt !== null) seen = { ...seen, sends: withSend(seen.sends, judgement.message, now) };
    return judgement;
  });
}

/** A candidate that holds room from an earlier judgement is judged as if it had none: it never stands in its own way. */
function withoutRoomOf(candidates: readonly Message[], facts: JudgeFacts): JudgeFacts {
  const counted = new Set(candidates.filter(({ countedAt }) => countedAt !== null).map(({ id }) => id));
  return counted.size === 0
    ? facts
    : { ...facts, sends: facts.sends.filter(({ messageId }) => !counted.has(messageId)) };
}

function judgeOne(message: Message, facts: JudgeFacts, policy: PolicyVersion, now: Instant): Judgement {
  const judged = withTaken(judge(message, facts, policy, now), facts, policy, now);
  return { ...applyVerdict(message, judged, now, policy), verdict: judged.verdict };
}

/** What the windows count of a message that took its room at `at`. */
export function countedSend(message: Message, at: Instant): CountedSend {
  return { messageId: message.id, at, ...subjectOf(message) };
}

/** A held message, as one that is planned for when it falls due. */
export function plannedSend(message: Message): PlannedSend {
  const { id: messageId, dueAt: at, priority, step } = message;
  return { ...subjectOf(message), at, priority, messageId, step };
}

/** What a rule reads of a message. */
function subjectOf(message: Message): ScopeSubject {
  const { channel, category, programme, scenarioId, campaign, sender, purpose, parts, countsToward } = message;
  return { channel, category, programme, scenarioId, campaign, sender, purpose, parts, countsToward };
}

/** The sends with one more in its place; a send after it is there when another process's clock is ahead. */
function withSend(sends: readonly CountedSend[], message: Message, at: Instant): CountedSend[] {
  let place = sends.length;
  while (place > 0 && sends[place - 1]!.at > at) place -= 1;
  return sends.toSpliced(place, 0, countedSend(message, at));
}

/** What has passed the gate, with one more if its purpose writes once only. */
export function withSpent(
  past: ConsentPast,
  { id: messageId, purpose }: Message,
  { compiled }: PolicyVersion,
): ConsentPast {
  return compiled.once.has(purpose) ? { ...past, spent: [...past.spent, { purpose, messageId }] } : past;
}
