import { compileCondition, compileNextChange } from '../audience/index.ts';
import type { Facts } from '../audience/index.ts';
import { durationMs } from '../calendar/index.ts';
import type { Duration } from '../calendar/index.ts';
import { compileOnBlocked, duration, type OnBlocked } from './on-blocked.ts';
import type { PressureRule } from './rule.schema.ts';
import type { Instant } from '../shared/clock.ts';
import { compileScope, type BrandSenders, type Scope } from './scope.ts';
import type { ScopeSubject } from './send.ts';
import { compileUnit, FADED, type Unit } from './unit.ts';
import { windowLength, type Window } from './window.ts';

/** A pressure rule with everything parsed, made once a policy version. */
export interface CompiledRule {
  name: string;
  window: Window;
  unit: Unit;
  scope: Scope;
  /** The maximum for this contact: constant, or by conditions, the first that holds. */
  max(facts: () => Facts): number;
  /** When time alone may next change that maximum: perhaps too early, never too late; Infinity for never. Null of a constant. */
  maxChanges: ((facts: Facts) => Instant) | null;
  /** Look-ahead (rule P11); null without one. */
  reserve: Duration | null;
  onBlocked: OnBlocked;
  /** A ceiling of the platform: no category is exempt from it. */
  platform: boolean;
}

function compileWindow(window: PressureRule['window']): Window {
  if (window === undefined) return { kind: 'lifetime' };
  if ('rolling' in window) return { kind: 'rolling', length: durationMs(duration(window.rolling)) };
  if ('gap' in window) return { kind: 'rolling', length: durationMs(duration(window.gap)) };
  if ('calendar' in window) return { kind: 'calendar', unit: window.calendar, weekStart: window.weekStart ?? 'monday' };
  return { kind: 'lifetime' };
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

function compileMaxChanges(max: PressureRule['max']): CompiledRule['maxChanges'] {
  if (!Array.isArray(max)) return null;
  const all = max.flatMap((entry) => ('otherwise' in entry ? [] : [compileNextChange(entry.when)]));
  return (facts) => all.reduce((least, next) => Math.min(least, next(facts) ?? Infinity), Infinity);
}

/** Parses a rule once, so that judging parses nothing. */
export function compileRule(rule: PressureRule, brands: BrandSenders = {}): CompiledRule {
  return {
    name: rule.rule,
    window: compileWindow(rule.window),
    unit: compileUnit(rule.unit),
    scope: compileScope(rule.scope, brands),
    max: compileMax(rule.max),
    maxChanges: compileMaxChanges(rule.max),
    reserve: rule.reserve === undefined ? null : duration(rule.reserve),
    onBlocked: compileOnBlocked(rule.onBlocked),
    platform: rule.platform === true,
  };
}

/** True when the rule counts this message; 0 parts or a channel without weight count as nothing in any case. */
export function counts(rule: CompiledRule, send: ScopeSubject): boolean {
  return (rule.platform || send.countsToward) && rule.scope.holds(send);
}

/** How far back, in milliseconds, a rule can count; Infinity for a lifetime. */
export function lookBack({ window, unit }: Pick<CompiledRule, 'window' | 'unit'>): number {
  return Math.min(windowLength(window), unit.kind === 'score' ? FADED * unit.halfLife : Infinity);
}
