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

/** Every click that is one of `BURST_LINKS` different links within `BURST_MS`. */
function burstsOf(clicks: readonly Hit[]): Set<Id> {
  const found = new Set<Id>();
  for (const [index, { at }] of clicks.entries()) {
    const together = clicks.slice(index).filter((click) => click.at - at <= BURST_MS);
    if (new Set(together.map(({ url }) => url)).size >= BURST_LINKS) for (const { id } of together) found.add(id);
  }
  return found;
}

/** How long a hit waits to be judged: what gives a machine away may come after it. */
export const JUDGED_AFTER = 3_000;
/** How far back the judgement of a message looks. */
export const LOOKS_BACK = AROUND_TRAP;
