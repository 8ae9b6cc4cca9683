import { pixelAllowed, type ConsentState } from '../consent/index.ts';
import { MemoryWorld, tick, type InboxItem, type TickLimits, type WebhookCall } from '../engine/index.ts';
import { brandOf, type Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import { formatInstant, VirtualClock, type Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';

/** What the virtual provider answers; a template that cannot be rendered is refused as live (rule D9). */
export type HandOver = (
  message: Message,
  world: MemoryWorld,
) => Promise<
  | { outcome: 'sent'; parts: number }
  | { outcome: 'blocked'; reason: string }
  /** It has more parts than it took room for: back to the gate. */
  | { outcome: 'outgrown'; parts: number }
>;

type Arrival = InboxItem extends infer Item
  ? Item extends InboxItem
    ? Omit<Item, 'seq' | 'receivedAt'>
    : never
  : never;

const LIMITS: TickLimits = { items: 1_000, lanes: 64 };
/** Ticks at one instant before the run is declared to go round in circles. */
const MOST_TICKS = 10_000;

/**
 * The engine on a virtual clock: jumps from one due instant to the next, and hands messages over at the very instant
 * at which the gate passes them (rule T4: a virtual world has no spread). Calls of `webhook` steps are answered then, too.
 */
export class VirtualRun {
  readonly world = new MemoryWorld();
  readonly clock: VirtualClock;
  readonly sequence: Sequence;
  /** Replaced when a publication happens on the way. */
  library: Library;
  /** Told after every tick, before what it made ready is handed over: for a rehearsal, which writes down what happens. */
  afterTick: (() => void) | undefined;
  /** What the receiver of a `webhook` step's call says; nothing is called. */
  answerCall: (call: WebhookCall) => 'done' | 'failed' = () => 'done';
  /** Consents that a STOP took, by contact and sender: what a START gives back. */
  readonly takenByStop = new Map<string, ConsentState[]>();
  /** Mails that left with a pixel: whoever opens another is not known to (rule C7). */
  readonly withPixel = new Set<Id>();
  private readonly handOver: HandOver;

  constructor(library: Library, start: Instant, handOver: HandOver) {
    this.library = library;
    this.clock = new VirtualClock(start);
    this.sequence = new Sequence(this.clock);
    this.handOver = handOver;
  }

  /** Lets happen all that is due before `until`, and moves the clock there. */
  async runUntil(until: Instant): Promise<void> {
    for (;;) {
      const next = await this.world.nextDue();
      if (next === null || next >= until) break;
      this.clock.moveTo(next);
      await this.settleInstant();
    }
    this.clock.moveTo(until);
  }

  /** Something arrives now. Call `settleInstant` once all that arrives at this instant has. */
  arrive(item: Arrival): void {
    this.world.receive({ ...item, seq: this.sequence.next(), receivedAt: this.clock.now() });
  }

  /** The contact's restriction is lifted now. */
  lift(contactId: Id): void {
    this.world.lift(contactId, this.sequence.next(), this.clock.now());
  }

  /** Whether it may be known now that this message is opened (rule C7). */
  mayTellOpening({ contactId, channel, sender }: Message): boolean {
    return pixelAllowed(this.world.of(contactId), channel, brandOf(this.library.policy.policy, sender));
  }

  /** Does all that is due at this instant, hand-overs and what follows from them included. */
  async settleInstant(): Promise<void> {
    const now = this.clock.now();
    for (let ticks = 0; ticks < MOST_TICKS; ticks++) {
      const taken = await tick(this.world, this.library, now, LIMITS);
      this.afterTick?.();
      const ready = this.world.takeReady();
      for (const message of ready) {
        const answer = await this.handOver(message, this.world);
        if (answer.outcome === 'outgrown') {
          this.world.sendBack(message, answer.parts, now);
          continue;
        }
        if (this.mayTellOpening(message)) this.withPixel.add(message.id);
        const why =
          answer.outcome === 'blocked'
            ? ({ gate: 'template', reason: answer.reason } as const)
            : { parts: answer.parts };
        this.world.settle(message, answer.outcome, now, this.sequence.next(), why);
      }
      const calls = this.world.takeCalls();
      for (const call of calls) this.world.settleCall(call, this.answerCall(call), now, this.sequence.next());
      if (taken === 0 && ready.length === 0 && calls.length === 0) return;
    }
    throw new UserError(
      `At ${formatInstant(this.clock.now())} steps go round in circles without a wait: run \`relance check\`, which names them`,
    );
  }
}
