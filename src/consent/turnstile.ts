/**
 * Lets a bounded number of callers in at a time; the others wait in the order in which they came.
 * Ledger writes may wait long for a hand-over that is under way (docs/decisions/0006): without a bound, a provider that
 * hangs and a few people who unsubscribe would take every connection of the process.
 */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(places: number) {
    this.free = places;
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
