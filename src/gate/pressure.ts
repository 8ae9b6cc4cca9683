import type { Facts } from '../audience/index.ts';
import { addDuration, contactZone } from '../calendar/index.ts';
import { indexOf, room, roomHoldsUntil } from '../pressure/index.ts';
import type { PlannedSend, PressureFacts, Room, RuleSet, SendIndex } from '../pressure/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { fatigueOf, recordedFelt } from './felt.ts';
import type { RulesInForce, TestSide } from './frequency-test.ts';
import type { Counter, GateRecord, JudgeFacts, Message } from './message.ts';
import type { PolicyVersion } from './policy.ts';
import { refusal } from './reasons.ts';

/** What the conditions of maxima read at an instant: the contact and its consents (see rule.schema.ts). */
export function conditionFactsOf(
  { contact, consents }: Pick<JudgeFacts, 'contact' | 'consents'>,
  { compiled }: PolicyVersion,
  zone: string,
  now: Instant,
): Facts {
  const { audiences, brandOf } = compiled;
  return { now, contact, zone, history: [], audiences, brandOf, consents, messages: [] };
}

/** The pressure gate of one message: for a category that pressure cannot block, only ceilings of the platform count (rule P7). */
export class Pressure {
  private readonly message: Message;
  private readonly policy: PolicyVersion;
  private readonly contactId: Id;
  private readonly zone: string;
  private readonly facts: PressureFacts;
  /** From then on instants lie ahead: what is in the air now has left by then. */
  private readonly now: Instant;
  private laidOut: { index: SendIndex; from: Instant } | undefined;
  private asked: { at: Instant; rooms: readonly Room[] } | undefined;

  constructor(message: Message, facts: JudgeFacts, policy: PolicyVersion, now: Instant) {
    this.now = now;
    this.message = message;
    this.policy = policy;
    this.contactId = facts.contact.id;
    this.zone = contactZone(facts.contact, policy.policy.timezone);
    this.facts = {
      sends: facts.sends,
      planned: facts.planned,
      inside: facts.inside,
      fatigue: fatigueOf(facts, policy),
      ownLimits: facts.ownLimits,
      zone: this.zone,
      conditionFacts: (at) => conditionFactsOf(facts, policy, this.zone, at),
    };
  }

  /** What the rules in force at an instant say. */
  rooms(at: Instant): readonly Room[] {
    if (this.asked?.at !== at) this.asked = { at, rooms: this.ask(at) };
    return this.asked.rooms;
  }

  /**
   * One whose room would come when others are in force (a frequency test has begun or ended by then) has it when the
   * rule of its name has room there, or at once where there is none.
   */
  private ask(at: Instant): readonly Room[] {
    const { ruleSet, until } = this.inForce(at);
    const index = this.index(ruleSet, at);
    const rooms =
      at <= this.now || !index.isInAir
        ? room(this.message, ruleSet, this.facts, at, index)
        : room(this.message, ruleSet, { ...this.facts, sends: index.asIfLeft.sends }, at, index.asIfLeft);
    if (until === Infinity || rooms.every(({ earliest }) => earliest < until)) return rooms;
    const after = this.rooms(until);
    return rooms.map((answer) => {
      if (answer.earliest < until) return answer;
      const same = after.find(({ rule }) => rule === answer.rule);
      return { ...answer, earliest: same?.earliest ?? until };
    });
  }

  /**
   * The sends laid out for a set of rules: once, unless instants are asked about at which others are in force, or one
   * before that from which on they were laid out.
   */
  private index(ruleSet: RuleSet, at: Instant): SendIndex {
    const known = this.laidOut;
    if (known !== undefined && known.index.set === ruleSet && known.from <= at) return known.index;
    const index = indexOf(ruleSet, this.facts, at);
    this.laidOut = { index, from: at };
    return index;
  }

  /** Until when time alone changes nothing for a message that has room at `at`; Infinity for ever. */
  holdsUntil(at: Instant): Instant {
    const { ruleSet, until } = this.inForce(at);
    return Math.min(until, roomHoldsUntil(this.message, ruleSet, this.facts, at, this.index(ruleSet, at)));
  }

  testAt(at: Instant): TestSide | null {
    return this.inForce(at).test;
  }

  private inForce(at: Instant): RulesInForce {
    return this.policy.compiled.ruleBook.inForce(this.contactId, at);
  }

  /** Until when a rule that holds lets the message wait, counted from its planning (rule P9). */
  private limitOf({ onBlocked }: Room): Instant {
    // What is stale at an instant had to leave before.
    if (onBlocked.kind === 'hold-until-stale') return (this.message.expiresAt ?? -Infinity) - 1;
    return onBlocked.kind === 'hold' ? addDuration(this.message.plannedAt, onBlocked.atMost, this.zone) : -Infinity;
  }

  /** Whether the rule that refuses at `at` lets the message wait for its room. */
  mayWait(answer: Room, at: Instant): boolean {
    return answer.whileInside ? at < this.limitOf(answer) : answer.earliest <= this.limitOf(answer);
  }

  /**
   * The most restrictive of the refusing rules (rule P8): one that drops or exits, else one that switches, else one whose
   * room comes too late, else the one whose room comes last.
   */
  deciding(refusing: readonly Room[], at: Instant): Room | undefined {
    return (
      refusing.find(({ onBlocked: { kind } }) => kind === 'drop' || kind === 'exit') ??
      refusing.find(({ onBlocked: { kind } }) => kind === 'switch') ??
      refusing.find((answer) => !this.mayWait(answer, at)) ??
      refusing.reduce<Room | undefined>(
        (last, answer) => (last === undefined || answer.earliest > last.earliest ? answer : last),
        undefined,
      )
    );
  }

  /** The latest instant that a rule which holds asks to wait for, seen from `at`; `at` itself when none does. */
  nextRoom(at: Instant): Instant {
    return this.rooms(at).reduce((latest, answer) => {
      if (!this.mayWait(answer, at)) return latest;
      // For an enrollment to end it waits as long as it may; it is judged again as soon as that happens.
      return Math.max(latest, answer.whileInside ? this.limitOf(answer) : answer.earliest);
    }, at);
  }
}

/** What every pressure rule that concerns a message says about it at an instant, the contact's own limits first. */
export function roomsOf(message: Message, facts: JudgeFacts, policy: PolicyVersion, at: Instant): readonly Room[] {
  return new Pressure(message, facts, policy, at).rooms(at);
}

function counterOf({ rule, used, max, unit, cost, kept, lowered, keptFor }: Room): Counter {
  if (unit === 'messages' && kept === 0 && lowered === undefined) return { rule, used, max };
  return {
    rule,
    used,
    max,
    ...(unit !== 'messages' && { unit }),
    ...(cost !== 1 && { cost }),
    ...(lowered !== undefined && { lowered: { from: lowered.from, by: recordedFelt(lowered.by) } }),
    ...(kept !== 0 && { kept }),
    ...(keptFor !== undefined && { keptFor: keptFor.map(keptBy) }),
  };
}

function keptBy({ messageId, at, channel, scenarioId, step, priority }: PlannedSend) {
  return { messageId, at, channel, scenario: scenarioId, step, priority };
}

const NOT_SUBJECT: GateRecord = { gate: 'pressure', passed: true, reason: 'not-subject' };

/** What the gate says: every rule with its numbers, and the one that decides. */
export function pressureRecord(
  message: Message,
  rooms: readonly Room[],
  deciding: Room | undefined,
  test: TestSide | null,
): GateRecord {
  if (!message.subjectTo && rooms.length === 0) return NOT_SUBJECT;
  const counters = rooms.map(counterOf);
  const side = test === null ? {} : { test };
  if (deciding === undefined) return { gate: 'pressure', passed: true, counters, ...side };
  const reason = deciding.rule === 'own-pause' ? 'paused' : deciding.whileInside ? 'exclusive' : 'no-room';
  return refusal('pressure', reason, {
    rule: deciding.rule,
    ...(Number.isFinite(deciding.earliest) && { until: deciding.earliest }),
    counters,
    ...side,
  });
}
