import type { Instant } from '../shared/clock.ts';

/**
 * A token bucket that may go into debt: a batch is taken when anything is left, however large it is, and the next
 * waits until the debt is paid. So the rate holds on average and no batch is refused for its size alone.
 */
export class TokenBucket {
  private tokens: number;
  private at: Instant;
  private readonly perSecond: number;

  /** Full at first; holds one second's worth. */
  constructor(perSecond: number, now: Instant) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.at = now;
  }

  /** Milliseconds until anything is left; 0 when something is. */
  wait(now: Instant): number {
    this.refill(now);
    return this.tokens > 0 ? 0 : ((1 - this.tokens) / this.perSecond) * 1000;
  }

  take(amount: number, now: Instant): void {
    this.refill(now);
    this.tokens -= amount;
  }

  private refill(now: Instant): void {
    if (now <= this.at) return;
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
  }
}
