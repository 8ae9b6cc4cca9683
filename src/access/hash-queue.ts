/** Refused: as much waits as may. */
export class QueueFull extends Error {}

/**
 * Does work one after another, and refuses what would make too many wait. Hashing a password takes a thread of the pool for a
 * tenth of a second, and unpacking requests, reading files and finding hosts need the same threads (four by default): however
 * many passwords are tried, one thread is busy with them.
 */
export class HashQueue {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** `most`: pieces of work that are under way or wait. */
  constructor(private readonly most: number) {}

  /** Throws QueueFull at once when too many wait. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.waiting >= this.most) throw new QueueFull();
    this.waiting += 1;
    const result = this.last.then(work, work);
    this.last = result.catch(() => {});
    try {
      return await result;
    } finally {
      this.waiting -= 1;
    }
  }
}
