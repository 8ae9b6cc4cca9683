import { NO_AUDIENCES } from '../audience/index.ts';
import { addDuration, contactZone } from '../calendar/index.ts';
import { room } from '../pressure/index.ts';
import type { PressureFacts, Room } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import { consentGate } from './consent-gate.ts';
import { hoursOf, quietHoursGate, windowGate } from './hours.ts';
import type { Hours } from './hours.ts';
import type { Gate, GateRecord, JudgeFacts, Message, Verdict } from './message.ts';
import { nextAllOpen } from './openings.ts';
import { addressGate, suppressionGate } from './permission.ts';
import type { PolicyVersion } from './policy.ts';

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
  const pressure = new Pressure(message, facts, policy);
  const rooms = pressure.rooms(now);
  const refusing = rooms.filter((answer) => answer.used >= answer.max);
  const deciding = pressure.deciding(refusing);
  const gates = [
    addressGate(message, facts, policy),
    suppressionGate(message, facts, policy),
    consentGate(message, facts, policy),
    quietHoursGate(hours, now),
    windowGate(hours, now),
    pressureRecord(message, rooms, deciding),
  ];

  if (message.expiresAt !== null && message.expiresAt <= now) return { verdict: { kind: 'expire' }, gates };
  const refusal = gates.find((gate) => !gate.passed);
  if (refusal === undefined) return { verdict: { kind: 'send' }, gates };
  return { verdict: refused(refusal, deciding, message, hours, pressure, now), gates };
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
  if (gate === 'pressure' && deciding !== undefined && !pressure.mayWait(deciding))
    return { kind: 'block', ...why, ...(deciding.onBlocked.kind === 'exit' && { exit: true }) };
  const until = nextPass(hours, pressure, now);
  if (until === null) return { kind: 'block', ...why };
  // At its expiry the message is judged once more, and expires.
  return { kind: 'hold', until: Math.min(until, message.expiresAt ?? Infinity), ...why };
}

const waits = (gate: Gate): boolean => gate === 'quiet-hours' || gate === 'window' || gate === 'pressure';

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

/** The pressure gate of one message: nothing is counted for a category that pressure cannot block (rule P7). */
class Pressure {
  private readonly message: Message;
  private readonly policy: PolicyVersion;
  private readonly zone: string;
  private readonly facts: PressureFacts;

  constructor(message: Message, facts: JudgeFacts, policy: PolicyVersion) {
    this.message = message;
    this.policy = policy;
    this.zone = contactZone(facts.contact, policy.policy.timezone);
    this.facts = {
      sends: facts.sends,
      ownLimits: facts.ownLimits,
      zone: this.zone,
      conditionFacts: (now) => ({
        now,
        contact: facts.contact,
        zone: this.zone,
        history: [],
        audiences: NO_AUDIENCES,
        consents: facts.consents,
        messages: [],
      }),
    };
  }

  rooms(at: Instant): Room[] {
    return this.message.subjectTo ? room(this.message, this.policy.compiled.rules, this.facts, at) : [];
  }

  /** A rule that holds lets the message wait for its room, but not beyond its `hold`, counted from the planning (rule P9). */
  mayWait({ earliest, onBlocked }: Room): boolean {
    if (onBlocked.kind === 'hold-until-stale') return earliest < (this.message.expiresAt ?? -Infinity);
    return onBlocked.kind === 'hold' && earliest <= addDuration(this.message.plannedAt, onBlocked.atMost, this.zone);
  }

  /**
   * The most restrictive of the refusing rules (rule P8): one that drops or exits, else one whose room comes too late,
   * else the one whose room comes last.
   */
  deciding(refusing: readonly Room[]): Room | undefined {
    return (
      refusing.find(({ onBlocked: { kind } }) => kind === 'drop' || kind === 'exit') ??
      refusing.find((answer) => !this.mayWait(answer)) ??
      refusing.reduce<Room | undefined>(
        (last, answer) => (last === undefined || answer.earliest > last.earliest ? answer : last),
        undefined,
      )
    );
  }

  /** The latest instant that a rule which holds asks to wait for, seen from `at`; `at` itself when none does. */
  nextRoom(at: Instant): Instant {
    return this.rooms(at).reduce(
      (latest, answer) => (this.mayWait(answer) ? Math.max(latest, answer.earliest) : latest),
      at,
    );
  }
}

/** What every pressure rule that concerns a message says about it at an instant, the contact's own limits first. */
export function roomsOf(message: Message, facts: JudgeFacts, policy: PolicyVersion, at: Instant): Room[] {
  return new Pressure(message, facts, policy).rooms(at);
}

const NOT_SUBJECT: GateRecord = { gate: 'pressure', passed: true, reason: 'not-subject' };

function pressureRecord(message: Message, rooms: readonly Room[], deciding: Room | undefined): GateRecord {
  if (!message.subjectTo) return NOT_SUBJECT;
  const counters = rooms.map(({ rule, used, max }) => ({ rule, used, max }));
  if (deciding === undefined) return { gate: 'pressure', passed: true, counters };
  return {
    gate: 'pressure',
    passed: false,
    reason: deciding.rule === 'own-pause' ? 'paused' : 'no-room',
    rule: deciding.rule,
    ...(Number.isFinite(deciding.earliest) && { until: deciding.earliest }),
    counters,
  };
}
