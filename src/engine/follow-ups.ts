import type { CustomerEvent } from '../events/index.ts';
import type { Effect, EntryEvent, StepInput } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { derivedId, type Id } from '../shared/ids.ts';
import type { Enrollment } from './world.ts';

/** `emit` and `enrol` steps that may lead to one another without time passing. */
const MOST_IN_A_ROW = 20;
/** Follow-ups of one instant: scenarios that each make two events would else grow beyond all bounds below the limit above. */
const MOST_AT_ONCE = 200;
/** Whoever has been inside for less has not waited, but for the outcome of a message or a call. */
const WITHOUT_WAIT = 3_600_000;

/** What an `emit` or `enrol` step asks for, to be done when the machines of its instant have come to rest. */
export type FollowUp = { depth: number } & (
  { kind: 'event'; event: CustomerEvent } | { kind: 'enrol'; scenarioId: string; origin: string; entry: EntryEvent }
);

/**
 * The follow-ups of one contact, first in first out. They are done within the tick, after the instant that asked for
 * them and before the next: neither the size of a tick nor what waits in the inbox changes their turn (rules D5, D7).
 */
export class FollowUps {
  private readonly waiting: FollowUp[] = [];
  private count = 0;
  /** Of what is being done. */
  private depth = 0;

  /** Another instant begins. */
  begin(): void {
    this.count = 0;
    this.depth = 0;
  }

  next(): FollowUp | undefined {
    const next = this.waiting.shift();
    if (next !== undefined) this.depth = next.depth;
    return next;
  }

  /**
   * Puts one off until its turn. Returns why not when it only goes round in a circle.
   * `input` is what moved the enrollment; `seq` that of its instant's last arrival.
   */
  add(
    effect: Extract<Effect, { kind: 'emit' | 'enrol' }>,
    enrollment: Enrollment,
    input: StepInput,
    userId: string | null,
    seq: number,
    now: Instant,
  ): string | null {
    const depth = Math.max(this.depth, depthOf(enrollment, input, now)) + 1;
    this.count += 1;
    if (depth > MOST_IN_A_ROW) return `runaway: more than ${MOST_IN_A_ROW} emit or enrol steps in a row without a wait`;
    if (this.count > MOST_AT_ONCE) return `runaway: more than ${MOST_AT_ONCE} emit or enrol steps at one instant`;
    const { contactId } = enrollment;
    const origin = [enrollment.id, effect.step, enrollment.planned] as const;
    if (effect.kind === 'emit') {
      const id = derivedId(contactId, 'event', ...origin);
      this.waiting.push({ kind: 'event', depth, event: madeEvent(id, contactId, userId, seq, effect, now) });
    } else {
      const entry = { name: 'enrol', at: now, properties: enrollment.entry?.properties ?? {}, depth };
      this.waiting.push({
        kind: 'enrol',
        depth,
        scenarioId: effect.scenario,
        origin: `enrol ${origin.join(' ')}`,
        entry,
      });
    }
    return null;
  }
}

/** The outcome of a message or a call comes in a later tick, and may go on with a circle; any other wait ends it. */
function depthOf({ entry, enteredAt }: Enrollment, input: StepInput, now: Instant): number {
  const goesOn = input.type === 'settled' || input.type === 'called';
  return goesOn && now - enteredAt < WITHOUT_WAIT ? (entry?.depth ?? 0) : 0;
}

function madeEvent(
  id: Id,
  contactId: Id,
  userId: string | null,
  seq: number,
  { event: name, properties }: Extract<Effect, { kind: 'emit' }>,
  now: Instant,
): CustomerEvent {
  return {
    id,
    contactId,
    userId,
    seq,
    type: 'track',
    name,
    at: now,
    receivedAt: now,
    properties,
    historical: false,
    active: true,
  };
}
