import { ownLimitsAllow } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import { consentGate } from './consent-gate.ts';
import { hoursOf } from './hours.ts';
import type { GateRecord, JudgeFacts, Message } from './message.ts';
import { allOpen } from './openings.ts';
import { addressGate, suppressionGate } from './permission.ts';
import type { PolicyVersion } from './policy.ts';

/** The first refusal among the gates that time does not change: address, suppression, consent. Null when all pass. */
export function permissionRefusal(message: Message, facts: JudgeFacts, policy: PolicyVersion): GateRecord | null {
  for (const gate of [addressGate, suppressionGate, consentGate]) {
    const record = gate(message, facts, policy);
    if (!record.passed) return record;
  }
  return null;
}

/** True when law, quiet hours and the message's own window let it leave at this instant. */
export function openAt(message: Message, facts: JudgeFacts, policy: PolicyVersion, at: Instant): boolean {
  const { legal, quiet, window } = hoursOf(message, facts, policy);
  return allOpen(legal, at) && allOpen(quiet, at) && allOpen(window, at);
}

/**
 * False when the contact's own limits, which may have been chosen since the message was judged, have no room for it at
 * this instant (rules D4, P8). The room it takes itself is not counted against it.
 */
export function ownRoomAt(message: Message, { ownLimits, sends }: JudgeFacts, at: Instant): boolean {
  if (!message.subjectTo || ownLimits === null) return true;
  const others = sends.filter(({ messageId }) => messageId !== message.id);
  return ownLimitsAllow(ownLimits, others, at);
}
