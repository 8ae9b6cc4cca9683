import { estimate, estimateDifference, type Coverage, type Estimate } from './estimate.ts';
import type { Why } from './forecast.ts';
import { keyOf, partsOf, type Difference, type Tally } from './tally.ts';

/** Reads a tally as estimates for the base, by the keys that counting gave (see count-contact.ts). */
export class Reader {
  private readonly keys: readonly string[];

  constructor(
    private readonly tally: Tally,
    private readonly coverage: Coverage,
  ) {
    this.keys = [...tally.sums.keys()].sort();
  }

  /** The estimate under a key. */
  of(...parts: (string | null)[]): Estimate {
    const sum = this.tally.sums.get(keyOf(...parts));
    return estimate(sum ?? { total: 0, squares: 0 }, this.coverage);
  }

  /** All keys that begin with these parts, with what follows; in one order, whichever thread was the first to count. */
  below(...parts: string[]): string[][] {
    const head = `${keyOf(...parts)}\t`;
    return this.keys.flatMap((key) => (key.startsWith(head) ? [partsOf(key.slice(head.length))] : []));
  }

  /** The names that come after these parts, sorted. */
  names(...parts: string[]): string[] {
    return [...new Set(this.below(...parts).map(([name]) => name!))].sort();
  }
}

/** What a second policy changes under a key. */
export function differenceOf(
  differences: ReadonlyMap<string, Difference>,
  coverage: Coverage,
  ...parts: (string | null)[]
): Estimate {
  return estimateDifference(differences.get(keyOf(...parts)) ?? { total: 0, squares: 0, size: 0 }, coverage);
}

/** What stood in a key for a gate, its rule and its reason. */
export function whyOf([gate = '', rule = '', reason = '']: readonly string[]): Why {
  return { gate: gate || null, rule: rule || null, reason: reason || null };
}
