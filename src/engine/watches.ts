import type { PastEvent } from '../audience/index.ts';
import { attributeOf } from '../audience/index.ts';
import {
  addDuration,
  contactZone,
  dateOf,
  nextOccurrence,
  nextTimeOfDay,
  parseDuration,
  parseTimeOfDay,
  readMoment,
  type Duration,
  type TimeOfDay,
} from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CompiledScenario, DateTrigger, InactivityTrigger, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { rescheduledBySchedule, scheduleTrigger } from './schedule.ts';
import type { Watch } from './world.ts';

/** What looking at a due watch comes to: where it moves, and what fires, if anything does. */
export interface WatchResult {
  watch: Watch;
  /** Names the occurrence or idle period, once for ever; null when nothing fires now. */
  origin: string | null;
}

export function dateTrigger(scenario: CompiledScenario): DateTrigger | null {
  const { trigger } = scenario.definition;
  return 'date' in trigger ? trigger : null;
}

export function inactivityTrigger(scenario: CompiledScenario): InactivityTrigger | null {
  const { trigger } = scenario.definition;
  return 'inactivity' in trigger ? trigger : null;
}

/** True for what time lets in: a date, an idle period or a schedule. */
export function isOfTime(scenario: CompiledScenario): boolean {
  const { kind } = scenario.definition.trigger;
  return kind === 'date' || kind === 'inactivity' || kind === 'schedule';
}

/** The watches of a contact that was known before `now`: in which audiences it is shows at the first look. */
export function knownWatches(contact: Contact, library: Library, now: Instant): Watch[] {
  return newWatches(contact, library, now).map((watch) =>
    watch.fired.inside === undefined ? watch : { ...watch, dueAt: now, fired: {} },
  );
}

/** The watches a new contact gets: one a live scenario with a trigger of time or of an audience, in which nobody begins. */
export function newWatches(contact: Contact, library: Library, now: Instant): Watch[] {
  const watches: Watch[] = [];
  for (const scenario of library.live) {
    if (scenario.watched !== null)
      watches.push({ contactId: contact.id, scenarioId: scenario.id, dueAt: null, fired: { inside: false } });
    if (!isOfTime(scenario)) continue;
    watches.push(
      rescheduled(
        { contactId: contact.id, scenarioId: scenario.id, dueAt: null, fired: {} },
        scenario,
        contact,
        library,
        now,
      ),
    );
  }
  return watches;
}

/**
 * The watch after the contact changed: a corrected date reschedules (rule T5), an earlier creation too.
 * For inactivity the instant is only the earliest possible; the truth is looked at when it comes.
 * @param before the contact before it changed; absent for one that is new
 */
export function rescheduled(
  watch: Watch,
  scenario: CompiledScenario,
  contact: Contact,
  library: Library,
  now: Instant,
  before?: Contact,
): Watch {
  // An audience is looked at when the instant is over.
  if (scenario.watched !== null) return watch;
  const zone = contactZone(contact, library.policy.policy.timezone);
  const date = dateTrigger(scenario);
  if (date !== null) return rescheduledByDate(watch, date, contact, library, now, before);
  const schedule = scheduleTrigger(scenario);
  if (schedule !== null) return rescheduledBySchedule(watch, schedule, now, zone);
  const inactivity = inactivityTrigger(scenario);
  if (inactivity === null) return { ...watch, dueAt: null };
  const since = Math.max(contact.createdAt, watch.fired.since ?? contact.createdAt);
  const due = atHour(Math.max(idleUntil(inactivity, since, zone), now), inactivity, zone);
  return { ...watch, dueAt: watch.dueAt === null ? due : Math.min(watch.dueAt, due) };
}

/**
 * A contact's date is another one now, or comes at another instant. An occurrence that was still to come, and that the
 * contact's new clock is past, fires at once: nobody's day is lost on the way (rule T10).
 */
function rescheduledByDate(
  watch: Watch,
  trigger: DateTrigger,
  contact: Contact,
  library: Library,
  now: Instant,
  before: Contact | undefined,
): Watch {
  const zoneOf = (of: Contact): string => contactZone(of, library.policy.policy.timezone);
  const { jumpedOver, ...fired } = watch.fired;
  const isSameDate = before !== undefined && attributeOf(before, trigger.date) === attributeOf(contact, trigger.date);
  // It waits to be looked at already.
  if (jumpedOver !== undefined && isSameDate) return watch;
  const plain = { ...watch, fired };
  const due = dateDue(trigger, contact, plain, now, zoneOf(contact));
  const wasDue = before === undefined ? due : dateDue(trigger, contact, plain, now, zoneOf(before));
  if (wasDue !== null && (due === null || due.year > wasDue.year))
    return { ...watch, dueAt: now, fired: { ...fired, jumpedOver: wasDue.year } };
  return { ...plain, dueAt: due?.at ?? null };
}

/** Looks at a due date watch: fires once a contact and occurrence year (rule T5), then moves to the next year's. */
export function lookAtDate(
  watch: Watch,
  trigger: DateTrigger,
  contact: Contact,
  now: Instant,
  zone: string,
): WatchResult {
  const { jumpedOver, ...known } = watch.fired;
  const plain = { ...watch, fired: known };
  const due =
    jumpedOver === undefined
      ? dateDue(trigger, contact, plain, watch.dueAt ?? now, zone)
      : { year: jumpedOver, at: watch.dueAt ?? now };
  if (due === null || due.at > now) return { watch: { ...plain, dueAt: due?.at ?? null }, origin: null };
  const fired = { ...plain, fired: { ...known, year: due.year } };
  return {
    watch: { ...fired, dueAt: dateDue(trigger, contact, fired, now, zone)?.at ?? null },
    origin: `date ${due.year}`,
  };
}

/**
 * Looks at a due inactivity watch against the truth, the latest listed event (else the creation).
 * Fires once an idle period (rule T8). An event imported late never fires it: when its thirty days had run out
 * before it even arrived, the period is marked as passed.
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
  const again = { ...watch, dueAt: atHour(idleUntil(trigger, now, zone), trigger, zone) };
  if (last === undefined && !trigger.neverActive) return { watch: again, origin: null };
  const since = last?.at ?? contact.createdAt;
  if (watch.fired.since !== undefined && since <= watch.fired.since) return { watch: again, origin: null };
  const idle = idleUntil(trigger, since, zone);
  // A watch that begins late (a new scenario, an outage) keeps to the hour asked for.
  const due = atHour(Math.max(idle, watch.dueAt ?? idle), trigger, zone);
  if (due > now) return { watch: { ...watch, dueAt: due }, origin: null };
  const passed = { ...again, fired: { ...watch.fired, since } };
  return {
    watch: passed,
    origin: last !== undefined && isLate(last) && idle <= last.receivedAt ? null : `idle ${since}`,
  };
}

function dateDue(
  trigger: DateTrigger,
  contact: Contact,
  watch: Watch,
  after: Instant,
  zone: string,
): { year: number; at: Instant } | null {
  const moment = readMoment(attributeOf(contact, trigger.date));
  if (moment === null) return null;
  return nextOccurrence(
    dateOf(moment, zone),
    after,
    {
      offset: trigger.offset === undefined ? undefined : duration(trigger.offset),
      at: hour(trigger.at) ?? { hour: 9, minute: 0 },
      feb29: trigger.feb29,
      yearly: trigger.yearly ?? false,
      minYear: watch.fired.year === undefined ? undefined : watch.fired.year + 1,
    },
    zone,
  );
}

function idleUntil(trigger: InactivityTrigger, since: Instant, zone: string): Instant {
  return addDuration(since, duration(trigger.inactivity), zone);
}

function atHour(at: Instant, trigger: InactivityTrigger, zone: string): Instant {
  const time = hour(trigger.at);
  return time === null ? at : nextTimeOfDay(at, time, zone);
}

function hour(text: string | undefined): TimeOfDay | null {
  return text === undefined ? null : parseTimeOfDay(text);
}

function duration(text: string): Duration {
  const parsed = parseDuration(text);
  if (parsed === null) throw new RangeError(`not a duration: ${text}`);
  return parsed;
}
