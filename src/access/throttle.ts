import type { Instant } from '../shared/clock.ts';

interface Failures {
  count: number;
  until: Instant;
}

/** Counts failures by who made them, and says when somebody has made too many. Forgets by itself; bounded in size. */
export class FailureThrottle {
  private readonly failures = new Map<string, Failures>();
  private readonly most: number;
  private readonly windowMs: number;

  constructor(most: number, windowMs: number) {
    this.most = most;
    this.windowMs = windowMs;
  }

  /** Milliseconds until `who` may try again; 0 when at once. */
  wait(who: string, now: Instant): number {
    const entry = this.failures.get(who);
    return entry !== undefined && entry.count >= this.most && entry.until > now ? entry.until - now : 0;
  }

  record(who: string, now: Instant): void {
    const entry = this.failures.get(who);
    if (entry !== undefined && entry.until > now) {
      entry.count++;
      return;
    }
    if (this.failures.size >= 10_000) this.forget(now);
    this.failures.set(who, { count: 1, until: now + this.windowMs });
  }

  private forget(now: Instant): void {
    for (const [who, entry] of this.failures) if (entry.until <= now) this.failures.delete(who);
    // All of them fresh: an attack from everywhere. The oldest half goes, so that memory stays bounded.
    let surplus = this.failures.size - 5_000;
    for (const who of this.failures.keys()) {
      if (surplus-- <= 0) break;
      this.failures.delete(who);
    }
  }
}
