import { attributeOf } from '../audience/index.ts';
import { contactZone, dateOf, nextOccurrence, readMoment } from '../calendar/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CompiledScenario, DateTrigger, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { hourOf, inactivityTrigger, lengthOf, rescheduledByIdleness } from './inactivity.ts';
import { rescheduledBySchedule, scheduleTrigger } from './schedule.ts';
import type { Watch, WatchResult } from './world.ts';

export function dateTrigger(scenario: CompiledScenario): DateTrigger | null {
  const { trigger } = scenario.definition;
  return 'date' in trigger ? trigger : null;
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
  return rescheduledByIdleness(watch, inactivity, contact, now, zone, before);
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
      offset: trigger.offset === undefined ? undefined : lengthOf(trigger.offset),
      at: hourOf(trigger.at) ?? { hour: 9, minute: 0 },
      feb29: trigger.feb29,
      yearly: trigger.yearly ?? false,
      minYear: watch.fired.year === undefined ? undefined : watch.fired.year + 1,
    },
    zone,
  );
}
