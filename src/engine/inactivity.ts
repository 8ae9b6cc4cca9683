import type { PastEvent } from '../audience/index.ts';
import {
  addDuration,
  nextTimeOfDay,
  parseDuration,
  parseTimeOfDay,
  type Duration,
  type TimeOfDay,
} from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CompiledScenario, InactivityTrigger } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Watch, WatchResult } from './world.ts';

export function inactivityTrigger(scenario: CompiledScenario): InactivityTrigger | null {
  const { trigger } = scenario.definition;
  return 'inactivity' in trigger ? trigger : null;
}

/** What is noted of everybody who is there when a scenario is published: what `existing` speaks of. */
export function begunAt(scenario: CompiledScenario, now: Instant): Watch['fired'] {
  const trigger = inactivityTrigger(scenario);
  return trigger !== null && treatsExisting(trigger) ? { existing: { at: now } } : {};
}

/** Whether a trigger does anything else with those whose time has passed than to let them in. */
const treatsExisting = (trigger: InactivityTrigger): boolean => trigger.existing !== 'enter';

/**
 * The watch of a contact that is new, or whose creation or clock is another now: the earliest possible instant. Whoever
 * comes with a creation that is too long ago already (an import) is of those that `existing` speaks of.
 */
export function rescheduledByIdleness(
  watch: Watch,
  trigger: InactivityTrigger,
  contact: Contact,
  now: Instant,
  zone: string,
  before: Contact | undefined,
): Watch {
  const since = Math.max(contact.createdAt, watch.fired.since ?? contact.createdAt);
  const idle = idleUntil(trigger, since, zone);
  const due = atHour(Math.max(idle, now), trigger, zone);
  const comes = before?.createdAt !== contact.createdAt && watch.fired.since === undefined;
  const isExisting = comes && treatsExisting(trigger) && idle <= now;
  const fired = isExisting ? { ...watch.fired, existing: { at: now } } : watch.fired;
  const looked = isExisting ? now : due;
  return { ...watch, fired, dueAt: watch.dueAt === null ? looked : Math.min(watch.dueAt, looked) };
}

/**
 * Looks at a due inactivity watch against the truth, the latest listed event (else the creation).
 * Fires once an idle period (rule T8). An event imported late never fires it: when its thirty days had run out
 * before it even arrived, the period is marked as passed. A period that had run out before the scenario was published, or
 * the contact imported, is what `existing` says: passed, or fired when its turn comes.
 */
export function lookAtInactivity(
  watch: Watch,
  trigger: InactivityTrigger,
  contact: Contact,
  last: PastEvent | undefined,
  now: Instant,
  zone: string,
  isLate: (event: PastEvent) => boolean,
): WatchResult {
  const { existing, ...fired } = watch.fired;
  const known = { ...watch, fired };
  const again = { ...known, dueAt: atHour(idleUntil(trigger, now, zone), trigger, zone) };
  if (last === undefined && !trigger.neverActive) return { watch: again, origin: null };
  const since = last?.at ?? contact.createdAt;
  if (fired.since !== undefined && since <= fired.since) return { watch: again, origin: null };
  const idle = idleUntil(trigger, since, zone);
  const passed = { ...again, fired: { ...fired, since } };
  const isExisting = existing !== undefined && idle <= existing.at;
  if (isExisting && trigger.existing === 'skip') return { watch: passed, origin: null };
  if (isExisting && existing.turn !== undefined && existing.turn > now) {
    const turn = atHour(existing.turn, trigger, zone);
    // Whoever is active meanwhile begins a period of its own, which may end before the turn.
    return { watch: { ...watch, dueAt: Math.min(turn, again.dueAt) }, origin: null };
  }
  // A watch that begins late (a new scenario, an outage, a turn) keeps to the hour asked for.
  const begins = isExisting && existing.turn !== undefined ? existing.turn : (watch.dueAt ?? idle);
  const due = atHour(Math.max(idle, begins), trigger, zone);
  if (due > now) return { watch: { ...(isExisting ? watch : known), dueAt: due }, origin: null };
  return {
    watch: passed,
    origin: last !== undefined && isLate(last) && idle <= last.receivedAt ? null : `idle ${since}`,
  };
}

/** When an idle period that began then has run out. */
export function idleUntil(trigger: InactivityTrigger, since: Instant, zone: string): Instant {
  return addDuration(since, lengthOf(trigger.inactivity), zone);
}

function atHour(at: Instant, trigger: InactivityTrigger, zone: string): Instant {
  const time = hourOf(trigger.at);
  return time === null ? at : nextTimeOfDay(at, time, zone);
}

export function hourOf(text: string | undefined): TimeOfDay | null {
  return text === undefined ? null : parseTimeOfDay(text);
}

/** A duration that the schema has let through. */
export function lengthOf(text: string): Duration {
  const parsed = parseDuration(text);
  if (parsed === null) throw new RangeError(`not a duration: ${text}`);
  return parsed;
}
