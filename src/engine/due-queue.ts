import type { Instant } from '../shared/clock.ts';

/**
 * When each key is due next: a binary heap in which moving a key leaves its old entry behind, to be passed over later.
 * `set` and `take` cost O(log n), so that a forecast over a million contacts never scans them.
 */
export class DueQueue {
  private readonly heap: { key: string; at: Instant }[] = [];
  private readonly due = new Map<string, Instant>();

  /** Null: the key is due no more. */
  set(key: string, at: Instant | null): void {
    if (at === null) {
      this.due.delete(key);
      return;
    }
    if (this.due.get(key) === at) return;
    this.due.set(key, at);
    this.push({ key, at });
  }

  /** The earliest instant; null when nothing is due ever. */
  next(): Instant | null {
    this.dropStale();
    return this.heap[0]?.at ?? null;
  }

  /** Takes out up to `most` keys due at or before `now`, earliest first. */
  take(now: Instant, most: number): string[] {
    const keys: string[] = [];
    for (this.dropStale(); keys.length < most && this.heap.length > 0 && this.heap[0]!.at <= now; this.dropStale()) {
      const { key } = this.pop();
      this.due.delete(key);
      keys.push(key);
    }
    return keys;
  }

  private dropStale(): void {
    while (this.heap.length > 0 && this.due.get(this.heap[0]!.key) !== this.heap[0]!.at) this.pop();
  }

  private push(entry: { key: string; at: Instant }): void {
    const { heap } = this;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.at <= entry.at) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  private pop(): { key: string; at: Instant } {
    const { heap } = this;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let index = 0;
      for (;;) {
        let child = 2 * index + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child += 1;
        if (heap[child]!.at >= last.at) break;
        heap[index] = heap[child]!;
        index = child;
      }
      heap[index] = last;
    }
    return top;
  }
}
