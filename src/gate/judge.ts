import type { Room } from '../pressure/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';
import { consentGate } from './consent-gate.ts';
import { hoursOf, quietHoursGate, windowGate } from './hours.ts';
import type { Hours } from './hours.ts';
import type { Gate, GateRecord, JudgeFacts, Message, Verdict } from './message.ts';
import { nextAllOpen, nextShut } from './openings.ts';
import { addressGate, suppressionGate } from './permission.ts';
import type { PolicyVersion } from './policy.ts';
import { pressureRecord, Pressure } from './pressure.ts';

/** One judgement: the verdict, and what every gate said (rule D6). */
export interface Judged {
  verdict: Verdict;
  gates: GateRecord[];
}

/**
 * Decides whether one message may leave at `now`: the gates in their order, all of them asked and recorded, the first
 * refusal decides (docs: rules, "Gate order"). What time mends is held until the instant at which, as far as is known
 * now, all gates pass together (rule P9); the message is then judged again in full.
 * Pure. `facts.sends` must be oldest first and reach back to `sendsSince(policy, now)`.
 */
export function judge(message: Message, facts: JudgeFacts, policy: PolicyVersion, now: Instant): Judged {
  const hours = hoursOf(message, facts, policy);
  const pressure = new Pressure(message, facts, policy, now);
  const rooms = pressure.rooms(now);
  const refusing = rooms.filter(({ earliest }) => earliest > now);
  const deciding = pressure.deciding(refusing, now);
  const gates = [
    addressGate(message, facts, policy),
    suppressionGate(message, facts, policy),
    consentGate(message, facts, policy),
    quietHoursGate(hours, now),
    windowGate(hours, now),
    pressureRecord(message, rooms, deciding, pressure.testAt(now)),
  ];

  if (message.expiresAt !== null && message.expiresAt <= now) return { verdict: { kind: 'expire' }, gates };
  const firstRefusal = gates.find((gate) => !gate.passed);
  if (firstRefusal === undefined) {
    const until = holdsUntil(message, hours, pressure, now);
    return { verdict: { kind: 'send', until }, gates };
  }
  return { verdict: refused(firstRefusal, deciding, message, hours, pressure, now), gates };
}

function refused(
  { gate, reason = 'refused', rule }: GateRecord,
  deciding: Room | undefined,
  message: Message,
  hours: Hours,
  pressure: Pressure,
  now: Instant,
): Verdict {
  const why = { gate, reason, ...(rule !== undefined && { rule }) };
  if (!waits(gate)) return { kind: 'block', ...why };
  if (gate === 'pressure' && deciding !== undefined && !pressure.mayWait(deciding, now))
    return { kind: 'block', ...why, ...consequence(deciding) };
  const until = nextPass(hours, pressure, now);
  if (until === null) return { kind: 'block', ...why };
  // At its expiry the message is judged once more, and expires.
  return { kind: 'hold', until: Math.min(until, message.expiresAt ?? Infinity), ...why };
}

function consequence({ onBlocked }: Room): { exit?: true; switchTo?: Channel } {
  if (onBlocked.kind === 'exit') return { exit: true };
  return onBlocked.kind === 'switch' ? { switchTo: onBlocked.channel } : {};
}

const waits = (gate: Gate): boolean => gate === 'quiet-hours' || gate === 'window' || gate === 'pressure';

/** Longer no judgement holds, so that every message in the air has an end; milliseconds. */
const HOLDS_AT_MOST = 86_400_000;

/** The next instant at which time alone may have some gate answer otherwise about a message that passes now (rule P1a). */
function holdsUntil(
  { expiresAt }: Message,
  { legal, quiet, window }: Hours,
  pressure: Pressure,
  now: Instant,
): Instant {
  const limit = Math.min(now + HOLDS_AT_MOST, expiresAt ?? Infinity, pressure.holdsUntil(now));
  return nextShut([...legal, ...quiet, ...window], now, limit);
}

/**
 * The first instant after `now` at which hours and pressure pass together. Each moves the instant on to its own next
 * one until both agree. Rules whose room comes too late for the message are left out: they will block it at that instant.
 */
function nextPass(hours: Hours, pressure: Pressure, now: Instant): Instant | null {
  const openings = [...hours.legal, ...hours.quiet, ...hours.window];
  for (let instant = now; ;) {
    const open = nextAllOpen(openings, instant);
    if (open === null) return null;
    const roomy = pressure.nextRoom(open);
    if (roomy === open) return open;
    instant = roomy;
  }
}
