import { addDuration, type Duration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { count } from './count.ts';
import { counts } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { SendIndex } from './send-index.ts';
import type { CountedSend, ScopeSubject } from './send.ts';
import { weightOf } from './unit.ts';
import type { Asking, WindowCount } from './count-window.ts';

/** A message that will be judged at `at`: held until then, or of a timer whose next step sends it. */
export interface PlannedSend extends ScopeSubject {
  at: Instant;
  priority: number;
}

/** What one rule is asked with room kept: the rule's place in its set, and the message that asks. */
export interface Keeping {
  set: RuleSet;
  place: number;
  candidate: ScopeSubject & { priority: number };
  asking: Asking;
  reserve: Duration;
  sends: readonly CountedSend[];
  planned: readonly PlannedSend[];
  zone: string;
}

/**
 * As `count`, for a rule that keeps room (rule P11). A planned message of higher priority that will find room when it
 * falls due is taken to use it then; and the message that asks is refused as long as, sent now, it would take that room
 * from one that falls due within `reserve`. `kept` is what those add, when they are why there is no room at `at`.
 */
export function keepRoom(keeping: Keeping, at: Instant): WindowCount & { kept: number } {
  const { asking } = keeping;
  const coming = comingSends(keeping, at);
  let used = 0;
  let kept = 0;
  for (let time = at; ;) {
    const known = merged(
      keeping.sends,
      coming.filter((send) => send.at <= time),
    );
    const own = ask(keeping, known, asking, time);
    if (time === at) ({ used } = own);
    const nextComing = coming.find((send) => send.at > time)?.at ?? Infinity;
    if (own.earliest === time) {
      const lost = displaced(keeping, coming, time);
      if (time === at) kept = lost;
      if (lost === 0) return { used, kept, earliest: time };
      // Its place is wanting until they have had theirs.
      time = nextComing;
    } else {
      time = Math.min(own.earliest, nextComing);
      if (time === Infinity) return { used, kept, earliest: Infinity };
    }
  }
}

function ask({ set, place, zone }: Keeping, sends: readonly CountedSend[], asking: Asking, at: Instant): WindowCount {
  return count(set.rules[place]!, { index: new SendIndex(set, sends, at - set.lookBack + 1), place, zone }, asking, at);
}

/** The planned messages after `at` that go before the candidate and will find room, as if they had been sent then. */
function comingSends(keeping: Keeping, at: Instant): CountedSend[] {
  const { set, place, candidate, asking, planned, sends } = keeping;
  const rule = set.rules[place]!;
  const coming: CountedSend[] = [];
  const ahead = planned.filter((one) => one.at > at && one.priority > candidate.priority && counts(rule, one));
  for (const one of ahead.sort((a, b) => a.at - b.at || b.priority - a.priority)) {
    const cost = weightOf(rule.unit, one);
    const { earliest } = ask(keeping, merged(sends, coming), { cost, max: asking.max }, one.at);
    if (cost > 0 && earliest === one.at) coming.push({ ...one, messageId: '' });
  }
  return coming;
}

/** What those add that fall due within the look-ahead and would lose their room if the candidate were sent at `time`. */
function displaced(keeping: Keeping, coming: readonly CountedSend[], time: Instant): number {
  const { set, place, candidate, asking, reserve, zone } = keeping;
  const until = addDuration(time, reserve, zone);
  const own: CountedSend = { ...candidate, messageId: '', at: time };
  let lost = 0;
  for (const [index, send] of coming.entries()) {
    if (send.at <= time || send.at > until) continue;
    const cost = weightOf(set.rules[place]!.unit, send);
    const sends = merged(merged(keeping.sends, coming.slice(0, index)), [own]);
    if (ask(keeping, sends, { cost, max: asking.max }, send.at).earliest > send.at) lost += cost;
  }
  return lost;
}

function merged(sends: readonly CountedSend[], more: readonly CountedSend[]): CountedSend[] {
  return [...sends, ...more].sort((a, b) => a.at - b.at);
}
