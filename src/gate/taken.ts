import { contactZone } from '../calendar/index.ts';
import { beganAt, takersOf } from '../pressure/index.ts';
import type { CountedSend } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Judged } from './judge.ts';
import type { Counter, JudgeFacts } from './message.ts';
import type { PolicyVersion } from './policy.ts';

/** Of a rule that counts more, the latest; the counter tells how many there were. */
const MOST = 20;

/**
 * Writes beside each pressure rule that had no room which messages used it. What they were is frozen with the decision
 * (rules D6, P7): a message that is cancelled or forgotten later still explains this one. Only what was refused is told
 * in full, so that what passes costs nothing.
 */
export function withTaken(judged: Judged, facts: JudgeFacts, policy: PolicyVersion, now: Instant): Judged {
  if (judged.gates.every(({ counters = [] }) => !counters.some(isFull))) return judged;
  const zone = contactZone(facts.contact, policy.policy.timezone);
  const { rules } = policy.compiled.ruleBook.inForce(facts.contact.id, now);
  const told = (counter: Counter): Counter => {
    if (!isFull(counter)) return counter;
    const rule = rules.find(({ name }) => name === counter.rule);
    const sends = rule === undefined ? inOwnWeek(counter, facts.sends, now) : takersOf(rule, facts.sends, now, zone);
    return { ...counter, taken: sends.slice(-MOST).map(takenBy) };
  };
  const gates = judged.gates.map((gate) =>
    gate.counters === undefined ? gate : { ...gate, counters: gate.counters.map(told) },
  );
  return { ...judged, gates };
}

const isFull = ({ used, max, cost = 1, kept = 0 }: Counter): boolean => used + cost + kept > max && used > 0;

/** The contact's own limit is no rule of the policy: the latest that it counted. */
function inOwnWeek({ used }: Counter, sends: readonly CountedSend[], now: Instant): CountedSend[] {
  return sends.filter((send) => send.countsToward && beganAt(send) <= now).slice(-used);
}

function takenBy(send: CountedSend): NonNullable<Counter['taken']>[number] {
  const { messageId, channel, scenarioId } = send;
  return { messageId, at: beganAt(send), channel, scenario: scenarioId };
}
