import type { Instant } from '../shared/clock.ts';
import type { Kind, RuleSet } from './rule-set.ts';
import { beganAt, type CountedSend } from './send.ts';

/** Sends that one rule counts, with what each weighs, oldest first. */
export interface Weighed {
  at: Instant;
  /** Differs from `at` while it is in the air (see CountedSend). */
  from: Instant;
  weight: number;
}

/** For how long one waits to see what becomes of messages in the air; milliseconds. */
const LEAST_PATIENCE = 1_000;
const MOST_PATIENCE = 60_000;

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

/**
 * The sends of one contact, laid out once for all rules of a set: beside each send stands what it weighs to every rule.
 * To find that is nearly all that judging costs; what a rule counts in any span of time is then one search and a sum,
 * so that a rule more is next to nothing. `sends` must be oldest first; those before `since` are not looked at, so the
 * index answers for every instant at which nothing before `since` counts.
 */
export class SendIndex {
  /** The instant of the latest send; -Infinity without one. */
  readonly latest: Instant;
  /** The sends from `since` on, beside which `weights` stands. */
  readonly sends: readonly CountedSend[];
  private readonly weights: Kind['weights'][] = [];
  private readonly since: Instant;
  private left: SendIndex | undefined;
  /** True while some of the sends may be handed over at more than one instant (rule P1a). */
  readonly isInAir: boolean;

  constructor(
    readonly set: RuleSet,
    sends: readonly CountedSend[],
    since: Instant,
  ) {
    const first = firstSince(sends, since);
    this.since = since;
    let inAir = false;
    this.sends = first === 0 ? sends : sends.slice(first);
    this.latest = this.sends.at(-1)?.at ?? -Infinity;
    const seen: CountedSend[] = [];
    const kinds: Kind['weights'][] = [];
    for (const send of this.sends) {
      inAir ||= (send.from ?? null) !== null;
      let known = 0;
      while (known < seen.length && !isLike(seen[known]!, send)) known += 1;
      if (known === seen.length) {
        kinds[known] = set.kindOf(send).weights;
        if (known < MOST_SEEN) seen.push(send);
      }
      this.weights.push(kinds[known]!);
    }
    this.isInAir = inAir;
  }

  /** The same sends as if all that is in the air had left at the first instant at which it may: how things stand at best. */
  get asIfLeft(): SendIndex {
    if (!this.isInAir) return this;
    return (this.left ??= new SendIndex(this.set, asIfLeft(this.sends), this.since));
  }

  /**
   * When it may be known what became of that which is in the air at `at`: it is given as long again as the latest of it has
   * been there, within bounds.
   */
  landedBy(at: Instant): Instant {
    let latest = -Infinity;
    for (const { from } of this.sends) if ((from ?? null) !== null && from! <= at) latest = Math.max(latest, from!);
    return at + Math.min(Math.max(at - latest, LEAST_PATIENCE), MOST_PATIENCE);
  }

  /** What the rule at `place` counts of the sends that may lie in a span from `from` (included) to `to` (not), unfaded. */
  touching(place: number, from: Instant, to: Instant): number {
    if (!this.isInAir) return this.between(place, from, to);
    return this.weighed(place, from).reduce((sum, send) => (send.from < to ? sum + send.weight : sum), 0);
  }

  /** What the rule at `place` counts of the sends from `from` (included) to `to` (not), unfaded. */
  between(place: number, from: Instant, to: Instant): number {
    const { sends, weights } = this;
    const first = firstSince(sends, from);
    const last = to === Infinity ? sends.length : firstSince(sends, to);
    const byParts = this.set.rules[place]!.unit.kind === 'sms-parts';
    let sum = 0;
    for (let index = first; index < last; index += 1)
      sum += byParts ? weights[index]![place]! * sends[index]!.parts : weights[index]![place]!;
    return sum;
  }

  /** What the rule at `place` counts from `from` on, each with its weight, oldest first. */
  weighed(place: number, from: Instant): Weighed[] {
    const { sends, weights } = this;
    const byParts = this.set.rules[place]!.unit.kind === 'sms-parts';
    const found: Weighed[] = [];
    for (let index = firstSince(sends, from); index < sends.length; index += 1) {
      const weight = weights[index]![place]!;
      const send = sends[index]!;
      if (weight !== 0)
        found.push({ at: send.at, from: beganAt(send), weight: byParts ? weight * send.parts : weight });
    }
    return found;
  }
}

/** Sends, with what is in the air taken to have left at once; oldest first. */
export function asIfLeft(sends: readonly CountedSend[]): CountedSend[] {
  return sends
    .map((send) => ((send.from ?? null) === null ? send : { ...send, at: send.from!, from: null }))
    .sort((a, b) => a.at - b.at);
}
