import {
  addDuration,
  atTime,
  daysBetween,
  instantOf,
  localDay,
  nextTurn,
  parseDuration,
  readMoment,
  subtractDuration,
  type Duration,
} from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { attributeReader } from './attribute.ts';
import { compileComparison } from './compare.ts';
import {
  isNegation,
  type Comparison,
  type Condition,
  type DaysSinceLeaf,
  type EventLeaf,
  type MessageLeaf,
} from './condition.ts';
import { compileCondition, REACHED } from './evaluate.ts';
import type { Facts } from './facts.ts';

/** Infinity: never by time alone. */
type NextChange = (facts: Facts) => Instant;

const NEVER = Number.POSITIVE_INFINITY;
const DAY = 86_400_000;
/** By more than this no calendar step, there and back, misses an instant: short months take 3 days, clocks one. */
const SLACK = 5 * DAY;
/** The last day of dates of four digits. */
const LAST_DAY = 2_932_896;

/**
 * When the mere passing of time may next change the answer of a condition, everything else staying as it is: perhaps
 * too early, never too late, always after `facts.now`; null for never. Of one leaf it is exact to the millisecond.
 */
export function compileNextChange(condition: Condition): (facts: Facts) => Instant | null {
  const next = compile(condition);
  return (facts) => {
    const at = next(facts);
    return at === NEVER ? null : at;
  };
}

function compile(condition: Condition): NextChange {
  if ('all' in condition) return earliest(condition.all);
  if ('any' in condition) return earliest(condition.any);
  if (isNegation(condition)) return compile(condition.not);
  if ('event' in condition) return compileEvent(condition);
  if ('message' in condition) return compileMessage(condition);
  if ('daysSince' in condition) return compileDaysSince(condition);
  if ('audience' in condition) return (facts) => facts.audiences.get(condition.audience)?.nextChange(facts) ?? NEVER;
  return () => NEVER;
}

function earliest(parts: readonly Condition[]): NextChange {
  const all = parts.map(compile);
  return (facts) => all.reduce((least, next) => Math.min(least, next(facts)), NEVER);
}

function compileEvent({ event, where, within }: EventLeaf): NextChange {
  const matches = where === undefined ? undefined : compileCondition(where);
  const whereChanges = where === undefined ? undefined : compile(where);
  const passes = compileWithin(within);
  return (facts) => {
    let least = NEVER;
    for (const past of facts.history) {
      if (past.name !== event) continue;
      const seen = matches === undefined ? facts : { ...facts, event: past };
      if (whereChanges !== undefined) least = Math.min(least, whereChanges(seen));
      if (matches === undefined || matches(seen)) least = passes(past.at, facts, least);
      else if (past.at > facts.now) least = Math.min(least, past.at);
    }
    return least;
  };
}

function compileMessage({ is, within }: MessageLeaf): NextChange {
  const passes = compileWithin(within);
  const reached = REACHED[is];
  return (facts) => {
    let least = NEVER;
    for (const past of facts.messages) {
      const at = reached(past);
      if (at !== null) least = passes(at, facts, least);
    }
    return least;
  };
}

/** The earlier of `least` and the instant at which something of `at` begins or ceases to lie within. */
function compileWithin(within: string | undefined): (at: Instant, facts: Facts, least: Instant) => Instant {
  const length = within === undefined ? null : parseDuration(within);
  return (at, facts, least) => {
    if (at > facts.now) return Math.min(least, at);
    return length === null ? least : Math.min(least, leaves(at, length, facts, least));
  };
}

function leaves(at: Instant, length: Duration, { now, zone }: Facts, least: Instant): Instant {
  const about = addDuration(at, length, zone);
  if (about - SLACK >= least || about + SLACK <= now) return NEVER;
  // A step back by calendar months may reach an instant twice: from the 28th and from the 31st of March.
  const isWithin = (then: Instant): boolean => at > subtractDuration(then, length, zone);
  return firstChange(Math.max(now, about - SLACK), about + SLACK, zone, isWithin);
}

function compileDaysSince({ daysSince, ...comparison }: DaysSinceLeaf): NextChange {
  const [read, test] = [attributeReader(daysSince), compileComparison(comparison)];
  const turns = turningPoints(comparison);
  return ({ now, contact, zone }) => {
    const moment = readMoment(read(contact));
    const since = moment && instantOf(moment, zone);
    if (since === null || turns.length === 0) return NEVER;
    const holds = (then: Instant): boolean => test(daysBetween(since, then, zone), zone);
    // Clocks that are turned back over midnight show yesterday once more.
    const soon = firstChange(now, now + 2 * DAY, zone, holds);
    if (soon !== NEVER) return soon;
    for (const days of turns) {
      const day = localDay(since, zone) + days;
      if (day > LAST_DAY || day < localDay(now, zone)) continue;
      const about = atTime(day, { hour: 0, minute: 0 }, zone);
      const change = firstChange(Math.max(now, about - 2 * DAY), about + 2 * DAY, zone, holds);
      if (change !== NEVER) return change;
    }
    return NEVER;
  };
}

/** Numbers of days at which a comparison can change its answer, in order. */
function turningPoints(comparison: Comparison): number[] {
  const operands = Object.values(comparison).filter((operand) => typeof operand === 'number');
  const points = operands.flatMap((operand) => [Math.ceil(operand), Math.floor(operand) + 1]);
  return [...new Set(points)].sort((a, b) => a - b);
}

/**
 * The first instant after `from`, at most `until`, at which the answer is not that at `from`; it must change at most
 * once between two turns of the local clock. NEVER when there is none.
 */
function firstChange(from: Instant, until: Instant, zone: string, holds: (now: Instant) => boolean): Instant {
  const before = holds(from);
  for (let start = from; start <= until;) {
    const end = nextTurn(start, zone);
    if (holds(end - 1) !== before) {
      let [same, other] = [start, end - 1];
      while (other - same > 1) {
        const middle = Math.floor((same + other) / 2);
        if (holds(middle) === before) same = middle;
        else other = middle;
      }
      return other;
    }
    if (holds(end) !== before) return end;
    start = end;
  }
  return NEVER;
}
