import type { Decision, Message } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';

/** The record of a message that ended without being asked through the gates (rule D6). */
export function decisionWithoutJudgement(
  message: Message,
  verdict: 'cancel' | 'holdout',
  reason: string | null,
  policyVersion: number,
  at: Instant,
): Decision {
  return {
    messageId: message.id,
    contactId: message.contactId,
    ordinal: message.judged,
    at,
    verdict,
    gate: null,
    reason,
    rule: null,
    until: null,
    policyVersion,
    gates: [],
  };
}
