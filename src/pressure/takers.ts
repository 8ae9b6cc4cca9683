import { calendarPeriod } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { CompiledRule } from './rule.ts';
import type { CountedSend } from './send.ts';

/** The sends that use a rule's room at `at`: those its window counts. `sends` are oldest first; `zone` is the contact's. */
export function takersOf(
  { window, inScope }: CompiledRule,
  sends: readonly CountedSend[],
  at: Instant,
  zone: string,
): CountedSend[] {
  const from =
    window.kind === 'lifetime'
      ? Number.NEGATIVE_INFINITY
      : window.kind === 'rolling'
        ? at - window.length + 1
        : calendarPeriod(window.unit, at, zone, window.weekStart).start;
  return sends.filter((send) => send.at >= from && send.at <= at && (inScope === null || inScope(send)));
}
