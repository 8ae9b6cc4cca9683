import type { Facts } from '../audience/index.ts';
import type { Instant } from '../shared/clock.ts';
import { count } from './count.ts';
import { exclusiveRooms, type Passage } from './exclusive.ts';
import type { Lowering } from './fatigue.ts';
import type { OwnLimits } from './own-limits.ts';
import { keepRoom, type PlannedSend } from './reserve.ts';
import type { Room } from './answer.ts';
import type { RuleSet } from './rule-set.ts';
import { SendIndex } from './send-index.ts';
import type { Candidate, CountedSend } from './send.ts';
import { weightOf } from './unit.ts';
import { countWindow, type WindowCount } from './count-window.ts';

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

/** A rule's answer with its maximum as lowered by what is felt, which rises again as that fades. */
function lowered(
  { fatigue }: PressureFacts,
  rule: string,
  unit: Room['unit'],
  most: number,
  at: Instant,
  answer: (max: number, time: Instant) => WindowCount & { kept: number },
): WindowCount & { kept: number; max: number } {
  if (fatigue === null) return { ...answer(most, at), max: most };
  let first: (WindowCount & { kept: number; max: number }) | undefined;
  for (let time = at; ;) {
    const { times, until } = fatigue(rule, time);
    const max = unit === 'score' ? most * times : Math.floor(most * times);
    const counted = { ...answer(max, time), max };
    first ??= counted;
    if (counted.earliest < until || until === Infinity) return { ...first, earliest: counted.earliest };
    time = until;
  }
}

/**
 * What every rule in whose scope the message lies says about it at `at`: the contact's own limits first, then the
 * policy's in their order. The most restrictive decides (rule P8), which is the caller's part.
 * Which sends a rule counts is read from the sends' own frozen fields, so editing a scenario changes no history (P7).
 */
export function room(
  candidate: Candidate & { priority: number },
  set: RuleSet,
  facts: PressureFacts,
  at: Instant,
): Room[] {
  const index = new SendIndex(set, facts.sends, at - set.lookBack + 1);
  const rooms = candidate.subjectTo && facts.ownLimits !== null ? ownRooms(facts, set, index, at) : [];
  const { zone, sends, planned } = facts;
  const conditionFacts = (): Facts => facts.conditionFacts(at);
  for (let place = 0; place < set.rules.length; place += 1) {
    const rule = set.rules[place]!;
    if (rule === set.own || !(rule.platform || candidate.subjectTo) || !rule.scope.holds(candidate)) continue;
    const cost = weightOf(rule.unit, candidate);
    if (cost === 0) continue;
    const most = rule.max(conditionFacts);
    const { name, reserve, onBlocked } = rule;
    const unit = rule.unit.kind;
    const answer = (max: number, time: Instant): WindowCount & { kept: number } =>
      reserve === null || planned.length === 0
        ? { ...count(rule, { index, place, zone }, { cost, max }, time), kept: 0 }
        : keepRoom({ set, place, candidate, asking: { cost, max }, reserve, sends, planned, zone }, time);
    const { max, used, kept, earliest } = lowered(facts, name, unit, most, at, answer);
    rooms.push({ rule: name, unit, used, cost, max, kept, earliest, onBlocked });
  }
  if (facts.inside.length > 0) rooms.push(...exclusiveRooms(candidate, set.exclusive, facts.inside));
  return rooms;
}
