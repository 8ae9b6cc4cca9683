import {
  openAt,
  ownRoomAt,
  permissionRefusal,
  type Gate,
  type JudgeFacts,
  type Message,
  type PolicyVersion,
} from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import { holds } from './holds.ts';

export type LastLook =
  | { kind: 'pass'; address: string }
  | { kind: 'refused'; gate: Gate; reason: string }
  /**
   * Its judgement holds no more (rule P1a), its hours have closed, its time has run out, its enrollment has ended, its contact was restricted or has chosen
   * fewer messages meanwhile: the engine decides again.
   */
  | { kind: 'back' };

/**
 * The last look before a hand-over, at facts read under the contact's lock (rule D4): address, suppression and consent
 * may have changed since the message passed the gate, and so may the hour and the contact's own limits. Facts that
 * cannot be read refuse. `ended`: an exit or goal was reached while it was with the dispatcher, before this try.
 * `restricted`: nothing is done with the contact until the lift (GDPR Art. 18).
 */
export function lastLook(
  message: Message,
  facts: JudgeFacts | null,
  policy: PolicyVersion,
  now: Instant,
  { ended = false, restricted = false } = {},
): LastLook {
  if (restricted) return { kind: 'back' };
  if (facts === null) return { kind: 'refused', gate: 'address', reason: 'no-contact' };
  const refusal = permissionRefusal(message, facts, policy);
  if (refusal !== null) return { kind: 'refused', gate: refusal.gate, reason: refusal.reason ?? 'refused' };
  const expired = message.expiresAt !== null && message.expiresAt <= now;
  if (
    ended ||
    expired ||
    !holds(message, now) ||
    !openAt(message, facts, policy, now) ||
    !ownRoomAt(message, facts, now)
  )
    return { kind: 'back' };
  return { kind: 'pass', address: (message.channel === 'email' ? facts.contact.email : facts.contact.phone)! };
}
