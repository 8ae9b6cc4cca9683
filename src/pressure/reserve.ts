import { addDuration, type Duration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { count } from './count.ts';
import { counts, type CompiledRule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { asIfLeft, SendIndex } from './send-index.ts';
import type { CountedSend, PlannedSend, ScopeSubject } from './send.ts';
import { weightOf } from './unit.ts';
import type { Asking, WindowCount } from './count-window.ts';

/** A count, with what is kept free for planned messages, and for which. */
export interface KeptCount extends WindowCount {
  kept: number;
  keptFor: readonly PlannedSend[];
}

/** A rule's maximum at an instant, and until when at least it is the same. */
export interface Maximum {
  max: number;
  until: Instant;
}

/** What one rule is asked with room kept: the rule's place in its set, and the message that asks. */
export interface Keeping {
  set: RuleSet;
  place: number;
  candidate: ScopeSubject & { priority: number };
  cost: number;
  maximum: (at: Instant) => Maximum;
  reserve: Duration;
  sends: readonly CountedSend[];
  planned: readonly PlannedSend[];
  zone: string;
}

/**
 * As `count`, for a rule that keeps room (rule P11). A planned message of higher priority that will find room when it
 * falls due is taken to use it then; and the message that asks is refused as long as, sent now, it would take that room
 * from one that falls due within `reserve`. `kept` is what those add, and `keptFor` which they are, when they are why
 * there is no room at `at`.
 */
export function keepRoom(keeping: Keeping, at: Instant): KeptCount {
  const { cost, maximum } = keeping;
  // What is in the air at `at` has left later on.
  const later = { ...keeping, sends: asIfLeft(keeping.sends) };
  const coming = comingSends(later, at);
  let used = 0;
  let keptFor: Coming[] = [];
  const answer = (earliest: Instant): KeptCount => ({
    used,
    earliest,
    kept: keptFor.reduce((sum, one) => sum + one.cost, 0),
    keptFor: keptFor.map(({ planned }) => planned),
  });
  for (let time = at; ;) {
    const known = merged(
      time === at ? keeping.sends : later.sends,
      coming.filter((send) => send.at <= time),
    );
    const { max, until } = maximum(time);
    const own = ask(keeping, known, { cost, max }, time);
    if (time === at) ({ used } = own);
    const nextComing = coming.find((send) => send.at > time)?.at ?? Infinity;
    if (own.earliest === time) {
      const lost = displaced(later, coming, time);
      if (time === at) keptFor = lost;
      if (lost.length === 0) return answer(time);
      // Its place is wanting until they have had theirs.
      time = nextComing;
    } else {
      time = Math.min(own.earliest, nextComing, until);
      if (time === Infinity) return answer(Infinity);
    }
  }
}

function ask({ set, place, zone }: Keeping, sends: readonly CountedSend[], asking: Asking, at: Instant): WindowCount {
  return count(set.rules[place]!, { index: new SendIndex(set, sends, at - set.lookBack + 1), place, zone }, asking, at);
}

/** A planned message as if it had been sent when it falls due. */
interface Coming extends CountedSend {
  planned: PlannedSend;
  cost: number;
}

/** The planned messages after `at` that go before the candidate and will find room, as if they had been sent then. */
function comingSends(keeping: Keeping, at: Instant): Coming[] {
  const { set, place, candidate, maximum, planned, sends } = keeping;
  const rule = set.rules[place]!;
  const coming: Coming[] = [];
  const ahead = planned.filter((one) => one.at > at && one.priority > candidate.priority && counts(rule, one));
  for (const one of ahead.sort((a, b) => a.at - b.at || b.priority - a.priority)) {
    const cost = weightOf(rule.unit, one);
    const { earliest } = ask(keeping, merged(sends, coming), { cost, max: maximum(one.at).max }, one.at);
    if (cost > 0 && earliest === one.at) coming.push({ ...one, messageId: '', planned: one, cost });
  }
  return coming;
}

/** Those that fall due within the look-ahead and would lose their room if the candidate were sent at `time`. */
function displaced(keeping: Keeping, coming: readonly Coming[], time: Instant): Coming[] {
  const { candidate, maximum, reserve, zone } = keeping;
  const until = addDuration(time, reserve, zone);
  const own: CountedSend = { ...candidate, messageId: '', at: time };
  return coming.filter((send, index) => {
    if (send.at <= time || send.at > until) return false;
    const sends = merged(merged(keeping.sends, coming.slice(0, index)), [own]);
    return ask(keeping, sends, { cost: send.cost, max: maximum(send.at).max }, send.at).earliest > send.at;
  });
}

/**
 * The first instant after `at` at which a planned message of higher priority comes within a rule's look-ahead, so that the
 * rule may answer otherwise; Infinity when none does.
 */
export function reserveReaches(
  rule: CompiledRule,
  reserve: Duration,
  candidate: Keeping['candidate'],
  { planned, zone }: Pick<Keeping, 'planned' | 'zone'>,
  at: Instant,
): Instant {
  let least = Infinity;
  for (const one of planned) {
    const isWithin = (time: Instant): boolean => addDuration(time, reserve, zone) >= one.at;
    if (one.at <= at || one.priority <= candidate.priority || !counts(rule, one) || isWithin(at)) continue;
    let low = at;
    let high = Math.min(one.at, least);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (isWithin(middle)) high = middle;
      else low = middle;
    }
    least = high;
  }
  return least;
}

function merged(sends: readonly CountedSend[], more: readonly CountedSend[]): CountedSend[] {
  return [...sends, ...more].sort((a, b) => a.at - b.at);
}
