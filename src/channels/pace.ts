import type { Clock } from '../shared/clock.ts';

/** Spreads calls evenly: at most `perSecond` of them start in any second. */
export class Pace {
  private readonly clock: Clock;
  private readonly gap: number;
  private next = 0;

  constructor(clock: Clock, perSecond: number) {
    this.clock = clock;
    this.gap = 1000 / perSecond;
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const now = this.clock.now();
    const at = Math.max(now, this.next);
    this.next = at + this.gap;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }
}
