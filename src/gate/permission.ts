import {
  EVERY_SENDER,
  OBJECTION,
  STOP,
  WITHDRAWN_AT_ADDRESS,
  type Suppression,
  type SuppressionReason,
} from '../consent/index.ts';
import { addressKey } from '../shared/address.ts';
import { isAdvertising, isDirectMarketing } from './direct-marketing.ts';
import type { GateRecord, JudgeFacts, Message } from './message.ts';
import type { PolicyVersion } from './policy.ts';
import { refusal } from './reasons.ts';

/** The gates that ask whether this message may reach this contact at all; time changes nothing in their answer. */
export type PermissionGate = (message: Message, facts: JudgeFacts, policy: PolicyVersion) => GateRecord;

const ADDRESS_PASSED: GateRecord = { gate: 'address', passed: true };
const SUPPRESSION_PASSED: GateRecord = { gate: 'suppression', passed: true };

function addressOf(message: Message, { contact }: JudgeFacts): string | null {
  const address = message.channel === 'email' ? contact.email : contact.phone;
  return address === '' ? null : address;
}

/** There is somebody to send to, and somebody to send as. */
export const addressGate: PermissionGate = (message, facts, { policy }) => {
  if (addressOf(message, facts) === null) return refusal('address', 'no-address');
  if (policy.senders[message.sender]?.[message.channel] === undefined) return refusal('address', 'no-sender');
  return ADDRESS_PASSED;
};

/**
 * Nothing stands against the channel or the address: bounce, complaint, STOP, objection, erasure. An objection (GDPR
 * Art. 21(2) and (3)) is to direct marketing: it outranks every consent and exemption, and leaves what a contract asks for.
 * A STOP is to the sender it was written to, and of the two classes of traffic that operators know (law L5) to
 * advertising: an alert of the same sender passes.
 */
export const suppressionGate: PermissionGate = (message, facts, { policy }) => {
  const address = addressOf(message, facts);
  const suppression = facts.suppressions.find(
    (entry): entry is Suppression & { reason: SuppressionReason } =>
      entry.reason !== WITHDRAWN_AT_ADDRESS &&
      isAgainst(entry, message, policy) &&
      [message.sender, EVERY_SENDER].includes(entry.sender ?? EVERY_SENDER) &&
      (entry.channel === '*' || entry.channel === message.channel) &&
      (entry.address === null || (address !== null && addressKey(entry.address) === addressKey(address))),
  );
  return suppression === undefined ? SUPPRESSION_PASSED : refusal('suppression', suppression.reason);
};

/** Whether the reason of a suppression is one against such a message. */
function isAgainst({ reason }: Suppression, message: Message, policy: PolicyVersion['policy']): boolean {
  if (reason === OBJECTION) return isDirectMarketing(message.purpose, policy);
  return reason !== STOP || isAdvertising(message);
}
