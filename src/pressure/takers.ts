import { calendarPeriod } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { counts, lookBack, type CompiledRule } from './rule.ts';
import { beganAt, type CountedSend } from './send.ts';
import { weightOf } from './unit.ts';

/** The sends that use a rule's room at `at`: those its window counts. `sends` are oldest first; `zone` is the contact's. */
export function takersOf(rule: CompiledRule, sends: readonly CountedSend[], at: Instant, zone: string): CountedSend[] {
  const { window, unit } = rule;
  const period = window.kind === 'calendar' ? calendarPeriod(window.unit, at, zone, window.weekStart).start : -Infinity;
  const from = Math.max(period, at - lookBack(rule) + 1);
  return sends.filter(
    (send) => send.at >= from && beganAt(send) <= at && counts(rule, send) && weightOf(unit, send) > 0,
  );
}
