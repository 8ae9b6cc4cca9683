import type { ConsentState, Suppression } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import {
  countedSend,
  isJudgedAnew,
  judgeAll,
  plannedSend,
  turnOf,
  withSpent,
  type ContactChange,
  type CountedSend,
  type Decision,
  type JudgeFacts,
  type Meanwhile,
  type Message,
  type PolicyVersion,
  type Turn,
} from '../gate/index.ts';
import type { PlannedSend } from '../pressure/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { decisionWithoutJudgement } from './unjudged.ts';
import type { ContactState } from './world.ts';

/** What became of a message within the tick, for the machine that waits for it. */
export interface Outcome {
  enrollmentId: Id;
  step: string;
  outcome: 'blocked' | 'expired' | 'holdout';
  /** The pressure rule that blocked it asks for this channel instead. */
  switchTo?: Channel;
}

/** What the gate must know of the rest of the contact. */
export interface Surroundings {
  /** Whether an enrollment is still live: what was planned for one that has ended meanwhile is cancelled. */
  isInside: (enrollmentId: Id) => boolean;
  /** The sales known by now. */
  sales: JudgeFacts['past']['sales'];
  /** What is consented to by now. */
  consents: readonly ConsentState[];
  /** The live enrollments. */
  inside: JudgeFacts['inside'];
  /** What timers will send next; asked for only when some rule keeps room for it. */
  timed: () => JudgeFacts['planned'];
}

/** A judgement that ends the enrollment the message belongs to. */
export interface Exit {
  enrollmentId: Id;
  reason: string;
}

/**
 * One contact's messages during a tick: what is planned, judged and cancelled, the room it takes, and the decision
 * records. Knows nothing of enrollments but their ids. No I/O.
 */
export class MessageDesk {
  readonly messages: Map<Id, Message>;
  readonly decisions: Decision[] = [];
  /** True once room was given back, by the contact or by what the dispatcher settled. */
  freed = false;
  /** Of the messages that passed, which turn each had among those who share an address. */
  readonly turns = new Map<Id, Turn>();

  private readonly meanwhile: readonly Meanwhile[];
  private readonly contactId: Id;
  private readonly suppressions: readonly Suppression[];
  private readonly ownLimits: JudgeFacts['ownLimits'];
  private readonly sends: CountedSend[];
  private spent: ContactState['spent'];
  private readonly candidates = new Set<Id>();
  private readonly changed = new Set<Id>();
  /** What passed at the instant at hand: whatever else falls due at it is judged together with that (rule P2). */
  private readonly passed = new Set<Id>();
  private instant: Instant;
  private outcomes: Outcome[] = [];

  constructor(
    state: ContactState,
    private readonly policy: PolicyVersion,
    private readonly now: Instant,
  ) {
    this.contactId = state.contactId;
    this.messages = new Map(state.messages.map((message) => [message.id, message]));
    this.sends = [...state.sends];
    this.meanwhile = state.meanwhile ?? [];
    this.spent = [...state.spent];
    // An earlier tick of this instant may have taken the first of what came at once.
    this.instant = now;
    for (const message of state.messages)
      if (isReadyAnew(message) && message.dueAt === now) this.passed.add(message.id);
    this.suppressions = state.suppressions;
    this.ownLimits = state.ownLimits;
  }

  /** New and changed messages, in the order in which they were judged: it is that of hand-over. */
  get changedMessages(): Message[] {
    return [...this.changed].map((id) => this.messages.get(id)!);
  }

  /** True when some rule that the contact is judged by keeps room for what is planned. */
  get reserves(): boolean {
    return this.policy.compiled.ruleBook.inForce(this.contactId, this.now).reserves;
  }

  /** True while something waits to be judged, or an outcome to be told. */
  get isBusy(): boolean {
    return this.candidates.size > 0 || this.outcomes.length > 0;
  }

  /** What passed at an earlier instant keeps its room, whoever comes now. */
  begin(instant: Instant): void {
    if (instant !== this.instant) this.passed.clear();
    this.instant = instant;
  }

  /** A message to be judged when the instant's tasks are done. */
  plan(message: Message): void {
    this.put(message);
    this.candidates.add(message.id);
  }

  /** A message of somebody who is measured and receives nothing. */
  withhold(message: Message): void {
    const settled: Message = { ...message, status: 'holdout', settledAt: this.now, judged: 1 };
    this.put(settled, decisionWithoutJudgement(settled, 'holdout', null, this.policy.version, this.now));
    this.report(settled, 'holdout');
  }

  /** Has a held message judged when the instant's tasks are done. */
  reconsider(messageId: Id): void {
    this.candidates.add(messageId);
  }

  /** Has everything that is held judged again. */
  reconsiderHeld(): void {
    for (const message of this.messages.values()) if (message.status === 'held') this.reconsider(message.id);
  }

  /** Has everything judged again that has not been handed over yet. */
  reconsiderWaiting(): void {
    for (const message of this.messages.values()) if (isWaiting(message)) this.reconsider(message.id);
  }

  /** Has judged again, of what has not been handed over yet, what a change of the contact may judge otherwise. */
  reconsiderAfter(change: ContactChange): void {
    for (const message of this.messages.values())
      if (isWaiting(message) && isJudgedAnew(message, change, this.policy, this.now)) this.reconsider(message.id);
  }

  /** Room was given back (rule P6): what pressure holds may have it. */
  takeRoomBack(): void {
    this.freed = true;
    this.reconsiderPressed();
  }

  /** Has judged again what pressure holds: what it waits for has changed. */
  reconsiderPressed(): void {
    for (const message of this.messages.values())
      if (message.status === 'held' && message.gate === 'pressure') this.reconsider(message.id);
  }

  /** Outcomes since the last call, in their order. */
  takeOutcomes(): Outcome[] {
    const taken = this.outcomes;
    this.outcomes = [];
    return taken;
  }

  /**
   * Judges what was planned or came due. Returns the enrollments that a rule ends.
   */
  judge(contact: Contact | null, { isInside, sales, consents, inside, timed }: Surroundings): Exit[] {
    const asked = new Set(this.candidates);
    const waiting = [...new Set([...(asked.size > 0 ? this.passed : []), ...asked])]
      .map((id) => this.messages.get(id)!)
      .filter(isWaiting);
    this.candidates.clear();
    const batch = waiting.filter((message) => {
      // A message that came back from the dispatcher after its enrollment had ended is not judged again.
      const isAbandoned = message.enrollmentId !== null && !isInside(message.enrollmentId);
      if (isAbandoned) this.cancel(message, 'its enrollment has ended');
      return !isAbandoned;
    });
    if (contact === null) {
      for (const message of batch) this.cancel(message, 'the contact is gone');
      return [];
    }
    for (const message of batch) this.release(message);
    const exits: Exit[] = [];
    const { suppressions, ownLimits, sends, spent } = this;
    const planned = this.reserves ? [...this.heldBeside(batch), ...timed()] : [];
    const past = { sales, spent };
    const facts: JudgeFacts = { contact, consents, suppressions, ownLimits, sends, planned, inside, past };
    const before = new Map(batch.map((message) => [message.id, message]));
    const judgements = judgeAll(batch, facts, this.policy, this.now, this.meanwhile, this.instant);
    for (const { message, decision, verdict } of judgements) {
      // What passes once more because others fell due at its instant has its record already.
      if (asked.has(message.id) || verdict.kind !== 'send') this.put(message, decision);
      if (verdict.kind === 'send') {
        this.passed.add(message.id);
        // Judged together with what else falls due at its instant, it keeps its turn.
        if (this.turns.get(message.id)?.instant !== this.instant)
          this.turns.set(message.id, turnOf(before.get(message.id)!, this.instant));
        this.spent = [...withSpent({ sales, spent: this.spent }, message, this.policy).spent];
      } else {
        this.passed.delete(message.id);
        this.turns.delete(message.id);
      }
      if (message.countedAt !== null) this.use(countedSend(message));
      if (verdict.kind === 'block' && verdict.exit === true) {
        if (message.enrollmentId !== null)
          exits.push({ enrollmentId: message.enrollmentId, reason: `blocked by ${message.rule}` });
      } else if (message.status === 'blocked' || message.status === 'expired')
        this.report(message, message.status, verdict.kind === 'block' ? verdict.switchTo : undefined);
    }
    if (batch.some((message) => hadRoom(message) && this.messages.get(message.id)!.countedAt === null)) {
      this.takeRoomBack();
      // They were judged as if nobody of them had room.
      for (const { id } of batch) this.candidates.delete(id);
    }
    return exits;
  }

  /**
   * What has not been handed over yet of an enrollment that has ended is cancelled, and its room given back (rule P6);
   * what was held for its sake is judged again.
   */
  cancelOf(enrollmentId: Id, reason: string): void {
    for (const message of this.messages.values()) {
      if (message.enrollmentId === enrollmentId && isWaiting(message)) this.cancel(message, reason);
    }
    if (this.reserves || this.policy.compiled.exclusive.length > 0) this.reconsiderPressed();
  }

  private cancel(message: Message, reason: string): void {
    const cancelled: Message = {
      ...message,
      status: 'cancelled',
      settledAt: this.now,
      countedAt: null,
      reason,
      judged: message.judged + 1,
    };
    this.put(cancelled, decisionWithoutJudgement(cancelled, 'cancel', reason, this.policy.version, this.now));
    this.candidates.delete(message.id);
    this.release(message);
    if (hadRoom(message)) this.takeRoomBack();
    else if (this.reserves) this.reconsiderPressed();
  }

  /** Gives back the room and the one message of its purpose that it has from an earlier judgement (rule P6). */
  private release({ id, status }: Message): void {
    if (status !== 'ready') return;
    this.spent = this.spent.filter(({ messageId }) => messageId !== id);
    const counted = this.sends.findIndex(({ messageId }) => messageId === id);
    if (counted >= 0) this.sends.splice(counted, 1);
  }

  /** Takes room; the windows rely on the order, and another process's clock may be ahead of ours. */
  private use(send: CountedSend): void {
    this.sends.push(send);
    if (this.sends.length > 1 && this.sends.at(-2)!.at > send.at) this.sends.sort((a, b) => a.at - b.at);
  }

  private report({ enrollmentId, step }: Message, outcome: Outcome['outcome'], switchTo?: Channel): void {
    if (enrollmentId === null) return;
    this.outcomes.push({ enrollmentId, step, outcome, ...(switchTo !== undefined && { switchTo }) });
  }

  /** What waits for later, when a batch is judged. */
  private heldBeside(batch: readonly Message[]): PlannedSend[] {
    const judged = new Set(batch.map(({ id }) => id));
    return [...this.messages.values()]
      .filter(({ id, status, dueAt }) => status === 'held' && dueAt > this.now && !judged.has(id))
      .map((message) => plannedSend(message));
  }

  private put(message: Message, decision?: Decision): void {
    this.messages.set(message.id, message);
    this.changed.delete(message.id);
    this.changed.add(message.id);
    if (decision !== undefined) this.decisions.push(decision);
  }
}

/** It has room, or the dispatcher gave it back when it sent the message back to the gate: what is held by no gate passed before. */
const hadRoom = ({ countedAt, status, gate, judged }: Message): boolean =>
  countedAt !== null || (status === 'held' && gate === null && judged > 0);

/** Not handed over, and not taken by the dispatcher to be. */
const isReadyAnew = ({ status, attempts }: Message): boolean => status === 'ready' && attempts === 0;
const isWaiting = ({ status }: Message): boolean => status === 'held' || status === 'ready';
