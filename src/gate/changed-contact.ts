import { contactZone } from '../calendar/index.ts';
import type { ConsentState } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Message } from './message.ts';
import { isElsewhere } from './places.ts';
import type { PolicyVersion } from './policy.ts';
import { conditionFactsOf } from './pressure.ts';

/** A contact before and after it changed, with what it has consented to. */
export interface ContactChange {
  before: Contact;
  after: Contact;
  consents: readonly ConsentState[];
}

/**
 * Whether a message that waits must be judged again because its contact has changed, since the instant it waits for was
 * computed for the one before, or it passed (rules P9, P1a): it has another address (rules P12, D4), its hours and days are
 * those of another place, or a rule has another maximum for it, now or by time.
 */
export function isJudgedAnew(
  message: Message,
  { before, after, consents }: ContactChange,
  policy: PolicyVersion,
  now: Instant,
): boolean {
  if (before.email !== after.email || before.phone !== after.phone) return true;
  if (isElsewhere(before, after)) return true;
  if (message.status === 'held' && message.gate !== 'pressure') return false;
  const factsOf = (contact: Contact) => {
    const zone = contactZone(contact, policy.policy.timezone);
    return () => conditionFactsOf({ contact, consents }, policy, zone, now);
  };
  const [then, today] = [factsOf(before), factsOf(after)];
  return policy.compiled.ruleBook
    .inForce(after.id, now)
    .rules.some(
      (rule) =>
        rule.scope.holds(message) &&
        (rule.max(then) !== rule.max(today) || rule.maxChanges?.(then()) !== rule.maxChanges?.(today())),
    );
}
