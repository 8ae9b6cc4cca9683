import type { Instant } from '../shared/clock.ts';
import { hoursOf } from './hours.ts';
import type { JudgeFacts, Message } from './message.ts';
import { allOpen, nextAllOpen, type Opening } from './openings.ts';
import type { PolicyVersion } from './policy.ts';
import { roomsOf } from './pressure.ts';

/** `from` included, `until` not. */
export interface OpenSpan {
  from: Instant;
  until: Instant;
}

const MINUTE = 60_000;

/**
 * The earliest instant from `at` on at which hours and every pressure rule would let a message pass, as far as is known at
 * `at`, however long it might wait; null when that is never. Whether the contact may be written to at all is not asked.
 */
export function earliestPass(message: Message, facts: JudgeFacts, policy: PolicyVersion, at: Instant): Instant | null {
  for (let instant = at; ;) {
    const open = earliestOpen(message, facts, policy, instant);
    if (open === null) return null;
    const roomy = roomsOf(message, facts, policy, open).reduce(
      (latest, { earliest }) => Math.max(latest, earliest),
      open,
    );
    if (roomy === open) return open;
    if (roomy === Infinity) return null;
    instant = roomy;
  }
}

/** The earliest instant from `at` on at which law, quiet hours, blackouts and the message's own hours are open together. */
function earliestOpen(message: Message, facts: JudgeFacts, policy: PolicyVersion, at: Instant): Instant | null {
  return nextAllOpen(openingsOf(message, facts, policy), at);
}

/** When they are open from one instant to another, to the minute. */
export function openHoursOf(
  message: Message,
  facts: JudgeFacts,
  policy: PolicyVersion,
  { from, until }: OpenSpan,
): OpenSpan[] {
  const openings = openingsOf(message, facts, policy);
  const spans: OpenSpan[] = [];
  for (let opens = nextAllOpen(openings, from); opens !== null && opens < until;) {
    let closes = opens;
    while (closes < until && allOpen(openings, closes)) closes += MINUTE;
    spans.push({ from: opens, until: Math.min(closes, until) });
    opens = nextAllOpen(openings, closes);
  }
  return spans;
}

function openingsOf(message: Message, facts: JudgeFacts, policy: PolicyVersion): Opening[] {
  const { legal, quiet, window } = hoursOf(message, facts, policy);
  return [...legal, ...quiet, ...window];
}
