import type { Instant } from '../shared/clock.ts';
import { counts } from '../pressure/index.ts';
import type { Judged } from './judge.ts';
import type { Decision, Message, Verdict } from './message.ts';
import type { CompiledPolicy, PolicyVersion } from './policy.ts';

/**
 * Writes a verdict onto a copy of the message, and makes its decision record. A message that counts takes its room here;
 * one that had room and is refused now gives it back (rule P6).
 */
export function applyVerdict(
  message: Message,
  judged: Judged,
  now: Instant,
  { version: policyVersion, compiled }: PolicyVersion,
): { message: Message; decision: Decision } {
  const { verdict, gates } = judged;
  const after: Message = {
    ...message,
    ...changes(message, verdict, takesRoom(message, compiled, now), now),
    judged: message.judged + 1,
  };
  const decision: Decision = {
    messageId: message.id,
    contactId: message.contactId,
    ordinal: after.judged,
    at: now,
    verdict: verdict.kind,
    gate: after.gate,
    reason: after.reason,
    rule: after.rule,
    until: 'until' in verdict ? verdict.until : null,
    policyVersion,
    gates,
  };
  return { message: after, decision };
}

/** A message of a category that counts uses room, and any that a ceiling of the platform counts. */
function takesRoom(message: Message, { ruleBook }: CompiledPolicy, now: Instant): boolean {
  const { rules } = ruleBook.inForce(message.contactId, now);
  return message.countsToward || rules.some((rule) => rule.platform && counts(rule, message));
}

function changes(message: Message, verdict: Verdict, isCounted: boolean, now: Instant): Partial<Message> {
  switch (verdict.kind) {
    case 'send':
      return {
        status: 'ready',
        // One that passes once more is not tried sooner than its provider asked for.
        dueAt: message.status === 'ready' ? message.dueAt : now,
        // Until its outcome is known it may leave as late as that (rule P1a).
        countedAt: isCounted ? verdict.until : null,
        holdsUntil: verdict.until,
        gate: null,
        reason: null,
        rule: null,
      };
    case 'hold':
      return {
        status: 'held',
        countedAt: null,
        holdsUntil: null,
        dueAt: verdict.until,
        heldUntil: message.heldUntil ?? verdict.until,
        gate: verdict.gate,
        reason: verdict.reason,
        rule: verdict.rule ?? null,
      };
    case 'block':
      return {
        status: 'blocked',
        countedAt: null,
        settledAt: now,
        gate: verdict.gate,
        reason: verdict.reason,
        rule: verdict.rule ?? null,
      };
    case 'expire':
      // What it waited for when it expired stays written on it.
      return { status: 'expired', countedAt: null, settledAt: now };
  }
}
