import type { Instant } from '../shared/clock.ts';
import type { Kind, RuleSet } from './rule-set.ts';
import type { CountedSend } from './send.ts';

/** Sends of one kind, oldest first; `parts[i]` is how many parts those before the one at `i` have together. */
interface Pile {
  kind: Kind;
  times: Instant[];
  parts: number[];
}

/** Sends that one rule counts, with what each weighs, oldest first. */
export interface Weighed {
  at: Instant;
  weight: number;
}

/** A contact gets the same few messages again and again: so many are compared before their kind is looked up. */
const MOST_SEEN = 16;

function isLike(a: CountedSend, b: CountedSend): boolean {
  return (
    a.scenarioId === b.scenarioId &&
    a.channel === b.channel &&
    a.category === b.category &&
    a.programme === b.programme &&
    a.purpose === b.purpose &&
    a.sender === b.sender &&
    a.campaign === b.campaign &&
    a.countsToward === b.countsToward
  );
}

/** Index of the first send at or after `since`, of sends that are oldest first; the length when there is none. */
function firstSince(sends: readonly CountedSend[], since: Instant): number {
  if (since === -Infinity) return 0;
  let low = 0;
  let high = sends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sends[middle]!.at < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first instant at or after `at`; the length when there is none. */
function firstAtOrAfter(times: readonly Instant[], at: Instant): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The sends of one contact, laid out once for all rules of a set: sorted into kinds, so that each rule's count in any
 * span of time is a few searches, however many rules there are. `sends` must be oldest first; those before `since` are not looked at.
 */
export class SendIndex {
  /** The instant of the latest send; -Infinity without one. */
  readonly latest: Instant;
  private readonly piles: Pile[] = [];
  private readonly set: RuleSet;

  constructor(set: RuleSet, sends: readonly CountedSend[], since: Instant) {
    this.set = set;
    this.latest = sends.at(-1)?.at ?? -Infinity;
    const seen: { like: CountedSend; pile: Pile }[] = [];
    for (let index = firstSince(sends, since); index < sends.length; index += 1) {
      const send = sends[index]!;
      let pile: Pile | undefined;
      for (const each of seen)
        if (isLike(each.like, send)) {
          pile = each.pile;
          break;
        }
      if (pile === undefined) {
        pile = this.pileOf(set.kindOf(send));
        if (seen.length < MOST_SEEN) seen.push({ like: send, pile });
      }
      pile.times.push(send.at);
      if (set.countsParts) pile.parts.push(pile.parts.at(-1)! + send.parts);
    }
  }

  private pileOf(kind: Kind): Pile {
    let pile = this.piles.find((each) => each.kind === kind);
    if (pile === undefined) this.piles.push((pile = { kind, times: [], parts: [0] }));
    return pile;
  }

  /** What the rule at `place` counts of the sends from `from` (included) to `to` (not), unfaded. */
  between(place: number, from: Instant, to: Instant): number {
    const byParts = this.set.rules[place]!.unit.kind === 'sms-parts';
    let sum = 0;
    for (const { kind, times, parts } of this.piles) {
      const weight = kind.weights[place]!;
      if (weight === 0) continue;
      const low = firstAtOrAfter(times, from);
      const high = to === Infinity ? times.length : firstAtOrAfter(times, to);
      sum += byParts ? parts[high]! - parts[low]! : (high - low) * weight;
    }
    return sum;
  }

  /** What the rule at `place` counts from `from` on, each with its weight, oldest first. */
  weighed(place: number, from: Instant): Weighed[] {
    const byParts = this.set.rules[place]!.unit.kind === 'sms-parts';
    const found: Weighed[] = [];
    for (const { kind, times, parts } of this.piles) {
      const weight = kind.weights[place]!;
      if (weight === 0) continue;
      for (let index = firstAtOrAfter(times, from); index < times.length; index += 1)
        found.push({ at: times[index]!, weight: byParts ? parts[index + 1]! - parts[index]! : weight });
    }
    return found.sort((a, b) => a.at - b.at);
  }
}
