import type { Facts } from '../audience/index.ts';
import type { Instant } from '../shared/clock.ts';
import { OWN_WEEK, type OwnLimits } from './own-limits.ts';
import type { CompiledRule, OnBlocked } from './rule.ts';
import type { CountedSend, ScopeSubject } from './send.ts';
import { countWindow } from './window.ts';
import type { InScope, Window } from './window.ts';

/** All pressure looks at. */
export interface PressureFacts {
  /** Sends that count, oldest first. */
  sends: readonly CountedSend[];
  ownLimits: OwnLimits | null;
  /** Where the contact's calendar windows begin and end; IANA name. */
  zone: string;
  /** What the conditions of maxima read at an instant; asked for only when there are some. */
  conditionFacts: (at: Instant) => Facts;
}

/** One rule's answer about one message at one instant. There is room when `used < max`. */
export interface Room {
  rule: string;
  used: number;
  max: number;
  /** The first instant from the one asked for at which this rule has room; Infinity when there is none. */
  earliest: Instant;
  onBlocked: OnBlocked;
}

const WEEK: Window = { kind: 'rolling', length: OWN_WEEK };
const EVERYTHING: InScope = null;
const DROP: OnBlocked = { kind: 'drop' };
const WHILE_FRESH: OnBlocked = { kind: 'hold-until-stale' };

/**
 * The contact's own limits as rules: they always apply, and only ever lower (docs: language, "Policy"). A pause lets
 * wait what will still be good when it ends; a wish for fewer messages is no wish for the same ones later.
 */
function ownRooms(facts: PressureFacts, at: Instant): Room[] {
  const rooms: Room[] = [];
  const { pauseUntil = null, maxPerWeek = null } = facts.ownLimits ?? {};
  if (pauseUntil !== null && at < pauseUntil)
    rooms.push({ rule: 'own-pause', used: 0, max: 0, earliest: pauseUntil, onBlocked: WHILE_FRESH });
  if (maxPerWeek !== null) {
    const count = countWindow(WEEK, facts.sends, EVERYTHING, maxPerWeek, at, facts.zone);
    rooms.push({ rule: 'own-max-per-week', ...count, max: maxPerWeek, onBlocked: DROP });
  }
  return rooms;
}

/**
 * What every rule in whose scope the message lies says about it at `at`: the contact's own limits first, then the
 * policy's in their order. The most restrictive decides (rule P8), which is the caller's part.
 * Which sends a rule counts is read from the sends' own frozen fields, so editing a scenario changes no history (P7).
 */
export function room(
  candidate: ScopeSubject,
  rules: readonly CompiledRule[],
  facts: PressureFacts,
  at: Instant,
): Room[] {
  const rooms = facts.ownLimits === null ? [] : ownRooms(facts, at);
  for (const rule of rules) {
    if (rule.inScope !== null && !rule.inScope(candidate)) continue;
    const max = rule.max(() => facts.conditionFacts(at));
    const { used, earliest } = countWindow(rule.window, facts.sends, rule.inScope, max, at, facts.zone);
    rooms.push({ rule: rule.name, used, max, earliest, onBlocked: rule.onBlocked });
  }
  return rooms;
}
