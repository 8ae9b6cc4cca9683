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
export function byPrecedence(
  a: Pick<Message, 'priority' | 'dueAt' | 'plannedAt' | 'id'>,
  b: Pick<Message, 'priority' | 'dueAt' | 'plannedAt' | 'id'>,
): number {
  return (
    b.priority - a.priority ||
    a.dueAt - b.dueAt ||
    a.plannedAt - b.plannedAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** When a message has its turn among those of contacts that share an address: instant by instant, and at one by precedence (rules P2, P12). */
export type Turn = Pick<Message, 'priority' | 'dueAt' | 'plannedAt' | 'id'> & { instant: Instant };

/** The turn of a message that is judged for what happened at `instant`. */
export function turnOf({ priority, dueAt, plannedAt, id }: Message, instant: Instant): Turn {
  return { priority, dueAt, plannedAt, id, instant };
}

const isBefore = (a: Turn, b: Turn): boolean => (a.instant - b.instant || byPrecedence(a, b)) < 0;

/** What has passed meanwhile for somebody else with the contact's address, and which turn it had. */
export interface Meanwhile {
  send: CountedSend;
  turn: Turn;
}

/**
 * Judges all messages of one contact that are due at `now`, in order of precedence; what passes and counts uses room
 * before the next is judged. The order in which the candidates are given changes nothing (rule P2). What passed meanwhile for
 * others with the contact's address uses room for whatever has its turn after it; `instant` is the candidates'.
 * Returned in the order of judgement. Pure: neither the candidates nor the facts are changed.
 */
export function judgeAll(
  candidates: readonly Message[],
  facts: JudgeFacts,
  policy: PolicyVersion,
  now: Instant,
  meanwhile: readonly Meanwhile[] = [],
  instant: Instant = now,
): Judgement[] {
  let seen = withoutRoomOf(candidates, facts);
  let coming = meanwhile;
  return [...candidates].sort(byPrecedence).map((candidate) => {
    if (coming.length > 0) {
      const turn = turnOf(candidate, instant);
      for (const one of coming) if (isBefore(one.turn, turn)) seen = withOther(seen, one.send, policy);
      coming = coming.filter((one) => !isBefore(one.turn, turn));
    }
    const judgement = judgeOne(candidate, seen, policy, now);
    if (judgement.verdict.kind === 'send') seen = { ...seen, past: withSpent(seen.past, candidate, policy) };
    if (judgement.message.countedAt !== null)
      seen = { ...seen, sends: withSend(seen.sends, countedSend(judgement.message)) };
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

/** What the windows count of a message that has room: in the air until its outcome is known (rule P1a). Throws for one without room. */
export function countedSend(message: Message): CountedSend {
  const { id: messageId, countedAt, status, dueAt } = message;
  if (countedAt === null) throw new TypeError(`message ${messageId} has no room`);
  const from = status === 'ready' || status === 'handing' ? dueAt : null;
  return { messageId, at: countedAt, from, ...subjectOf(message) };
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
function withSend(sends: readonly CountedSend[], send: CountedSend): CountedSend[] {
  let place = sends.length;
  while (place > 0 && sends[place - 1]!.at > send.at) place -= 1;
  return sends.toSpliced(place, 0, send);
}

/** Whoever has that mailbox has been written to, whatever contact they are known as (rule P12, law L23). */
function withOther(facts: JudgeFacts, send: CountedSend, { compiled }: PolicyVersion): JudgeFacts {
  const { purpose, messageId } = send;
  const { past } = facts;
  const spent = compiled.once.has(purpose) ? { ...past, spent: [...past.spent, { purpose, messageId }] } : past;
  return { ...facts, sends: withSend(facts.sends, send), past: spent };
}

/** What has passed the gate, with one more if its purpose writes once only. */
export function withSpent(
  past: ConsentPast,
  { id: messageId, purpose }: Message,
  { compiled }: PolicyVersion,
): ConsentPast {
  return compiled.once.has(purpose) ? { ...past, spent: [...past.spent, { purpose, messageId }] } : past;
}
