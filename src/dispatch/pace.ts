import type { Instant } from '../shared/clock.ts';
import type { Message } from '../gate/index.ts';

/** Messages a second that a process hands over of a crowd that waited, unless the settings say otherwise. */
export const OPENING_RATE = 100;

/**
 * Spreads out what waited: when hours open, thousands may have been held to that one instant, and no provider, mailbox or shop
 * is served by having them all at once (rule T4). While they are taken in full batches, there is a rest after each, so that
 * no more than `perSecond` leave. Which go first is not its business: every batch is taken by priority, newcomers included.
 */
export class Pace {
  private restUntil: Instant = 0;
  private readonly perSecond: number;

  constructor(perSecond: number = OPENING_RATE) {
    this.perSecond = perSecond;
  }

  isResting(now: Instant): boolean {
    return now < this.restUntil;
  }

  /** When something that is due at `due` may be taken. */
  earliest(due: Instant): Instant {
    return Math.max(due, this.restUntil);
  }

  /** A batch of at most `most` was taken; one that is not full leaves nobody behind. */
  took(batch: readonly Message[], most: number, now: Instant): void {
    const waited = batch.filter(({ heldUntil }) => heldUntil !== null).length;
    if (batch.length < most || waited === 0) return;
    this.restUntil = Math.max(this.restUntil, now) + Math.ceil((waited * 1_000) / this.perSecond);
  }
}
