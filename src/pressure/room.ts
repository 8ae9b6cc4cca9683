import type { Facts } from '../audience/index.ts';
import { calendarPeriod } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { count } from './count.ts';
import { exclusiveRooms, type Passage } from './exclusive.ts';
import type { Lowering } from './fatigue.ts';
import type { OwnLimits } from './own-limits.ts';
import { keepRoom, reserveReaches, type Maximum } from './reserve.ts';
import type { Room } from './answer.ts';
import type { CompiledRule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { SendIndex } from './send-index.ts';
import type { Candidate, CountedSend, PlannedSend } from './send.ts';
import { weightOf } from './unit.ts';
import { countWindow, rollingHoldsUntil, type View, type WindowCount } from './count-window.ts';

/** All pressure looks at. */
export interface PressureFacts {
  /** Sends that count, oldest first. */
  sends: readonly CountedSend[];
  /** Messages that are not sent yet, and when they will be judged; what `reserve` keeps room for (rule P11). */
  planned: readonly PlannedSend[];
  /** The live enrollments: what is exclusive as long as somebody is in it asks for them. */
  inside: readonly Passage[];
  ownLimits: OwnLimits | null;
  /** How what the contact's reactions say lowers a rule at an instant; null where the policy has no `fatigue`. */
  fatigue: ((rule: string, at: Instant) => Lowering) | null;
  /** Where the contact's calendar windows begin and end; IANA name. */
  zone: string;
  /** What the conditions of maxima read at an instant; asked for only when there are some. */
  conditionFacts: (at: Instant) => Facts;
}

const DROP: Room['onBlocked'] = { kind: 'drop' };
const WHILE_FRESH: Room['onBlocked'] = { kind: 'hold-until-stale' };

/**
 * The contact's own limits as rules: they always apply, and only ever lower (docs: language, "Policy"). A pause lets
 * wait what will still be good when it ends; a wish for fewer messages is no wish for the same ones later.
 */
function ownRooms(facts: PressureFacts, set: RuleSet, index: SendIndex, at: Instant): Room[] {
  const rooms: Room[] = [];
  const { pauseUntil = null, maxPerWeek = null } = facts.ownLimits ?? {};
  const own = { unit: 'messages', cost: 1, kept: 0, onBlocked: DROP } as const;
  if (pauseUntil !== null && at < pauseUntil)
    rooms.push({ ...own, rule: 'own-pause', used: 0, max: 0, earliest: pauseUntil, onBlocked: WHILE_FRESH });
  if (maxPerWeek !== null) {
    const { window, name } = set.own;
    const view = { index, place: set.rules.indexOf(set.own), zone: facts.zone };
    rooms.push({ ...own, rule: name, ...countWindow(window, view, { cost: 1, max: maxPerWeek }, at), max: maxPerWeek });
  }
  return rooms;
}

/** A rule's answer; what is left out is 0 for `kept`, and for `max` the maximum that was asked with. */
interface Answer extends WindowCount {
  kept?: number;
  keptFor?: readonly PlannedSend[];
  max?: number;
  lowered?: Room['lowered'];
}

type Lowered = Maximum & Pick<Room, 'lowered'>;

/**
 * A rule's maximum at any instant: by its conditions, whose answers time alone may change (rule P9), and as lowered by what
 * is felt, which fades.
 */
function maximumOf(rule: CompiledRule, { fatigue, conditionFacts }: PressureFacts): (at: Instant) => Lowered {
  const { name, unit } = rule;
  return (at) => {
    const known = rule.max(() => conditionFacts(at));
    const changes = rule.maxChanges?.(conditionFacts(at)) ?? Infinity;
    if (fatigue === null) return { max: known, until: changes };
    const { times, until, by } = fatigue(name, at);
    const max = unit.kind === 'score' ? known * times : Math.floor(known * times);
    return { max, until: Math.min(until, changes), ...(max < known && { lowered: { from: known, by } }) };
  };
}

/** The count at `at`; and when there is room, however often the maximum changes before. What is in the air has left by then. */
function counted(maximum: (at: Instant) => Maximum, at: Instant, rule: CompiledRule, view: View, cost: number): Answer {
  let used: number | undefined;
  for (let time = at; ;) {
    const { max, until } = maximum(time);
    const index = time === at ? view.index : view.index.asIfLeft;
    const answer = count(rule, { ...view, index }, { cost, max }, time);
    used ??= answer.used;
    if (answer.earliest < until || until === Infinity) return { used, earliest: answer.earliest };
    time = until;
  }
}

/** Whether one of the policy's rules can refuse a message. */
const concerns = (rule: CompiledRule, candidate: Candidate, { own }: RuleSet): boolean =>
  rule !== own && (rule.platform || candidate.subjectTo) && rule.scope.holds(candidate);

/**
 * Until when every rule goes on to let a message pass that has room at `at`, though time goes by (rule P1a): a period ends, a
 * maximum changes, a planned message comes within `reserve`, or what lies ahead within a rolling window. Infinity: for ever.
 */
export function roomHoldsUntil(
  candidate: Candidate & { priority: number },
  set: RuleSet,
  facts: PressureFacts,
  at: Instant,
  index: SendIndex,
): Instant {
  let least = Infinity;
  const { zone } = facts;
  const { maxPerWeek = null } = facts.ownLimits ?? {};
  for (let place = 0; place < set.rules.length; place += 1) {
    const rule = set.rules[place]!;
    const isOwn = rule === set.own && candidate.subjectTo && maxPerWeek !== null;
    if (!isOwn && !concerns(rule, candidate, set)) continue;
    const cost = weightOf(rule.unit, candidate);
    if (cost === 0) continue;
    const { window, reserve } = rule;
    if (window.kind === 'calendar')
      least = Math.min(least, calendarPeriod(window.unit, at, zone, window.weekStart).end);
    if (rule.maxChanges !== null) least = Math.min(least, rule.maxChanges(facts.conditionFacts(at)));
    if (window.kind === 'rolling' && rule.unit.kind !== 'score' && index.latest > at) {
      const max = isOwn ? maxPerWeek : maximumOf(rule, facts)(at).max;
      least = Math.min(least, rollingHoldsUntil(window.length, { index, place, zone }, { cost, max }, at));
    }
    if (reserve !== null) least = Math.min(least, reserveReaches(rule, reserve, candidate, facts, at));
  }
  return least;
}

/** The sends laid out for the rules of a set, as of `at` and every instant after it. */
export function indexOf(set: RuleSet, { sends }: Pick<PressureFacts, 'sends'>, at: Instant): SendIndex {
  return new SendIndex(set, sends, at - set.lookBack + 1);
}

/**
 * What every rule in whose scope the message lies says about it at `at`: the contact's own limits first, then the
 * policy's in their order. The most restrictive decides (rule P8), which is the caller's part.
 * Which sends a rule counts is read from the sends' own frozen fields, so editing a scenario changes no history (P7).
 * Who asks about several instants hands in the index of the earliest of them.
 */
export function room(
  candidate: Candidate & { priority: number },
  set: RuleSet,
  facts: PressureFacts,
  at: Instant,
  index = indexOf(set, facts, at),
): Room[] {
  const rooms = candidate.subjectTo && facts.ownLimits !== null ? ownRooms(facts, set, index, at) : [];
  const { zone, sends, planned, fatigue } = facts;
  const conditionFacts = (): Facts => facts.conditionFacts(at);
  const ask = (place: number, cost: number, most: number): Answer => {
    const rule = set.rules[place]!;
    const { reserve } = rule;
    const keeps = reserve !== null && planned.length > 0;
    const view = { index, place, zone };
    if (fatigue === null && rule.maxChanges === null && !keeps) return count(rule, view, { cost, max: most }, at);
    const maximum = maximumOf(rule, facts);
    const answer = keeps
      ? keepRoom({ set, place, candidate, cost, maximum, reserve, sends, planned, zone }, at)
      : counted(maximum, at, rule, view, cost);
    const { max, lowered } = maximum(at);
    return { ...answer, max, ...(lowered !== undefined && { lowered }) };
  };
  for (let place = 0; place < set.rules.length; place += 1) {
    const rule = set.rules[place]!;
    if (!concerns(rule, candidate, set)) continue;
    const cost = weightOf(rule.unit, candidate);
    if (cost === 0) continue;
    const most = rule.max(conditionFacts);
    // Field by field: an answer is made for every rule and every message, and copying an object costs more than all else here.
    const { used, earliest, kept = 0, keptFor, max = most, lowered } = ask(place, cost, most);
    const answer: Room = {
      rule: rule.name,
      unit: rule.unit.kind,
      used,
      cost,
      max,
      kept,
      earliest,
      onBlocked: rule.onBlocked,
    };
    if (lowered !== undefined) answer.lowered = lowered;
    if (keptFor !== undefined && keptFor.length > 0) answer.keptFor = keptFor;
    rooms.push(answer);
  }
  if (facts.inside.length > 0) rooms.push(...exclusiveRooms(candidate, set.exclusive, facts.inside));
  return rooms;
}
