import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** One request of a tracked link or pixel. `trap`: the link that no person can see. */
export interface Hit {
  id: Id;
  kind: 'click' | 'open' | 'trap';
  /** Where the link leads; null for a pixel. */
  url: string | null;
  at: Instant;
  /** What the request alone gave away; null when it looked like a person's. */
  reason: string | null;
}

/** Nobody reads and clicks so soon after the hand-over; a gateway checks the links before it delivers. Milliseconds. */
const TOO_SOON = 3_000;
/** So many different links within so short a time are followed by a machine. */
const BURST_LINKS = 3;
/** So many requests are, too, of whichever links: nobody presses one so often. */
const BURST_REQUESTS = 6;
const BURST_MS = 2_000;
/** Who follows the trap follows the other links shortly before and after it. */
const AROUND_TRAP = 60_000;

/**
 * Tells people from machines by everything that was asked of one message (docs/scenarios.md, "Clicks and opens").
 * @param hits of one message, in any order
 * @param handedOverAt null while it is with the provider, or when it is not known any more
 * @returns by hit, what gave the machine away, or null for a person
 */
export function judgeHits(hits: readonly Hit[], handedOverAt: Instant | null): Map<Id, string | null> {
  const clicks = hits.filter(({ kind }) => kind === 'click').sort((a, b) => a.at - b.at);
  const traps = hits.filter(({ kind }) => kind === 'trap');
  const bursts = burstsOf(clicks);
  return new Map(hits.map((hit) => [hit.id, hit.reason ?? reasonOf(hit)]));

  function reasonOf({ kind, at, id }: Hit): string | null {
    if (kind === 'trap') return 'trap';
    if (handedOverAt !== null && at - handedOverAt < TOO_SOON) return 'too-soon';
    if (traps.some((trap) => Math.abs(trap.at - at) <= AROUND_TRAP)) return 'trap';
    return bursts.has(id) ? 'burst' : null;
  }
}

/** Every click that is one of `BURST_LINKS` different links, or of `BURST_REQUESTS`, within `BURST_MS`; sorted by time. */
function burstsOf(clicks: readonly Hit[]): Set<Id> {
  const found = new Set<Id>();
  /** Links of the clicks from `start` to `end`, with how many there are of each. */
  const links = new Map<string | null, number>();
  const count = (url: string | null, by: 1 | -1): void => {
    const times = (links.get(url) ?? 0) + by;
    if (times === 0) links.delete(url);
    else links.set(url, times);
  };
  let [end, marked] = [0, 0];
  for (const [start, { at, url }] of clicks.entries()) {
    for (; end < clicks.length && clicks[end]!.at - at <= BURST_MS; end++) count(clicks[end]!.url, 1);
    if (links.size >= BURST_LINKS || end - start >= BURST_REQUESTS)
      for (marked = Math.max(marked, start); marked < end; marked++) found.add(clicks[marked]!.id);
    count(url, -1);
  }
  return found;
}

/** How long a hit waits to be judged: what gives a machine away may come after it. */
export const JUDGED_AFTER = 3_000;
/** How far back the judgement of a message looks. */
export const LOOKS_BACK = AROUND_TRAP;
