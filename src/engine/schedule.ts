import { parseRecurrence, parseTimeOfDay, recurrences, type RecurrenceTime } from '../calendar/index.ts';
import type { CompiledScenario, ScheduleTrigger } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Watch } from './world.ts';

export function scheduleTrigger(scenario: CompiledScenario): ScheduleTrigger | null {
  const { trigger } = scenario.definition;
  return trigger.kind === 'schedule' ? trigger : null;
}

/**
 * The watch of a contact that is new, or that has moved to another clock: an occurrence is a local date, so it neither
 * comes twice nor is lost on the way (rule T7). One that waits to be looked at goes on waiting.
 */
export function rescheduledBySchedule(watch: Watch, trigger: ScheduleTrigger, now: Instant, zone: string): Watch {
  if (watch.dueAt !== null && watch.dueAt <= now) return watch;
  const since = watch.fired.since ?? watch.dueAt ?? now;
  const fired = { ...watch.fired, since };
  return { ...watch, fired, dueAt: firstOf(trigger, fired, since, zone)?.at ?? null };
}

/**
 * Looks at a due watch. Each occurrence fires once at most; after an outage the latest of those that were missed does,
 * late. What lies before the watch was due (a scenario published just now) never does.
 */
export function lookAtSchedule(
  watch: Watch,
  trigger: ScheduleTrigger,
  now: Instant,
  zone: string,
): { watch: Watch; origin: string | null } {
  const since = Math.max(watch.fired.since ?? Number.NEGATIVE_INFINITY, watch.dueAt ?? now);
  let latest: RecurrenceTime | undefined;
  for (const occurrence of occurrences(trigger, since, zone)) {
    if (isBehind(occurrence, watch.fired.day)) continue;
    if (occurrence.at > now) break;
    latest = occurrence;
  }
  const fired = { since, day: latest?.date ?? watch.fired.day };
  return {
    watch: { ...watch, fired, dueAt: firstOf(trigger, fired, since, zone)?.at ?? null },
    origin: latest === undefined ? null : `schedule ${latest.date}`,
  };
}

function firstOf(
  trigger: ScheduleTrigger,
  fired: Watch['fired'],
  since: Instant,
  zone: string,
): RecurrenceTime | undefined {
  for (const occurrence of occurrences(trigger, since, zone)) if (!isBehind(occurrence, fired.day)) return occurrence;
  return undefined;
}

function isBehind({ date }: RecurrenceTime, fired: string | undefined): boolean {
  return fired !== undefined && date <= fired;
}

/** Rules and times of day were checked when the scenario was read. */
function occurrences({ rrule, at, start }: ScheduleTrigger, since: Instant, zone: string): Iterable<RecurrenceTime> {
  const time = parseTimeOfDay(at);
  const recurrence = time === null ? null : parseRecurrence(rrule, start, time);
  return recurrence === null ? [] : recurrences(recurrence, since, zone);
}
