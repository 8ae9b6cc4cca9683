import type { Clock } from './clock.ts';

/** Numbers left for events of one millisecond; 2^53 / 1024 ms lasts until the year 2248. */
const PER_MILLISECOND = 1024;

/**
 * Numbers that order what one process received: time in the upper digits, a counter in the lower ones.
 * They only grow, also when the system clock steps back, and no row or sequence of the database is shared
 * to make them (see docs/architecture.md, "Lanes"). Unique within a process, not between processes.
 */
export class Sequence {
  private last = 0;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  next(): number {
    this.last = Math.max(this.last + 1, this.clock.now() * PER_MILLISECOND);
    return this.last;
  }
}

/** The first number an event received at `instant` can have. */
export function sequenceAt(instant: number): number {
  return instant * PER_MILLISECOND;
}
