import { compileCondition } from '../audience/index.ts';
import type { Facts } from '../audience/index.ts';
import { durationMs, parseDuration } from '../calendar/index.ts';
import type { Duration } from '../calendar/index.ts';
import type { PressureRule } from './rule.schema.ts';
import type { InScope, Window } from './window.ts';

/**
 * What becomes of a message the rule has no room for. `hold` counts from the instant it was planned; `hold-until-stale`
 * waits for as long as the message is good for by its own `expires`, and drops one that does not say.
 */
export type OnBlocked =
  { kind: 'drop' } | { kind: 'exit' } | { kind: 'hold'; atMost: Duration } | { kind: 'hold-until-stale' };

/** A pressure rule with everything parsed, made once a policy version. */
export interface CompiledRule {
  name: string;
  window: Window;
  inScope: InScope;
  /** The maximum for this contact: constant, or by conditions, the first that holds. */
  max(facts: () => Facts): number;
  /** Look-ahead (rule P11); null without one. */
  reserve: Duration | null;
  onBlocked: OnBlocked;
}

/** A duration that the schema has accepted already. */
function duration(text: string): Duration {
  const parsed = parseDuration(text);
  if (parsed === null) throw new TypeError(`not a duration: ${text}`);
  return parsed;
}

function compileWindow(window: PressureRule['window']): Window {
  if ('rolling' in window) return { kind: 'rolling', length: durationMs(duration(window.rolling)) };
  if ('gap' in window) return { kind: 'rolling', length: durationMs(duration(window.gap)) };
  if ('calendar' in window) return { kind: 'calendar', unit: window.calendar, weekStart: window.weekStart ?? 'monday' };
  return { kind: 'lifetime' };
}

function compileScope(scope: PressureRule['scope']): InScope {
  const set = (names: readonly string[] | undefined): ReadonlySet<string> | null =>
    names === undefined || names.length === 0 ? null : new Set(names);
  const channels = set(scope.channels);
  const categories = set(scope.categories);
  const programmes = set(scope.programmes);
  const scenarios = set(scope.scenarios);
  const senders = set(scope.senders);
  if (channels === null && categories === null && programmes === null && scenarios === null && senders === null)
    return null;
  return (send) =>
    (channels === null || channels.has(send.channel)) &&
    (categories === null || categories.has(send.category)) &&
    (programmes === null || programmes.has(send.programme)) &&
    (scenarios === null || scenarios.has(send.scenarioId)) &&
    (senders === null || senders.has(send.sender));
}

function compileMax(max: PressureRule['max']): CompiledRule['max'] {
  if (max === undefined) return () => 1;
  if (typeof max === 'number') return () => max;
  const entries = max.map((entry) =>
    'otherwise' in entry
      ? { holds: () => true, max: entry.otherwise }
      : { holds: compileCondition(entry.when), max: entry.max },
  );
  // The schema sees to it that the last entry always holds; without one there would be no room.
  return (facts) => entries.find((entry) => entry.holds(facts()))?.max ?? 0;
}

function compileOnBlocked(onBlocked: PressureRule['onBlocked']): OnBlocked {
  return typeof onBlocked === 'string' ? { kind: onBlocked } : { kind: 'hold', atMost: duration(onBlocked.hold) };
}

/** Parses a rule once, so that judging parses nothing. */
export function compileRule(rule: PressureRule): CompiledRule {
  return {
    name: rule.rule,
    window: compileWindow(rule.window),
    inScope: compileScope(rule.scope),
    max: compileMax(rule.max),
    reserve: rule.reserve === undefined ? null : duration(rule.reserve),
    onBlocked: compileOnBlocked(rule.onBlocked),
  };
}

const DAY = 86_400_000;

/** Longer than any such period, also when it holds a 25-hour day. */
const LONGEST_PERIOD = { day: 2 * DAY, week: 8 * DAY, month: 32 * DAY, quarter: 93 * DAY, year: 367 * DAY };

/** How far back, in milliseconds, a window can count; Infinity for a lifetime. */
export function lookBack(window: Window): number {
  switch (window.kind) {
    case 'rolling':
      return window.length;
    case 'calendar':
      return LONGEST_PERIOD[window.unit];
    case 'lifetime':
      return Infinity;
  }
}
