import type { PastEvent } from '../audience/index.ts';
import { missingTraits, type Contact } from '../contacts/index.ts';
import { isLate, LINK_CLICKED, type CustomerEvent } from '../events/index.ts';
import type { CompiledScenario, EntryEvent, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { sequenceAt } from '../shared/sequence.ts';
import { agenda, type Task, type TaskGroup } from './agenda.ts';
import { isUnsure, lookAtAudiences } from './audience-looks.ts';
import { ContactRun } from './contact-run.ts';
import { byEntry, isAbout, isLive } from './enrollment.ts';
import type { FollowUp } from './follow-ups.ts';
import { replace } from './replace.ts';
import { lookAtSchedule, scheduleTrigger } from './schedule.ts';
import { inactivityTrigger, lookAtInactivity } from './inactivity.ts';
import { dateTrigger, isOfTime, lookAtDate } from './watches.ts';
import type { ContactChanges, ContactState, Due, History, InboxItem, Watch, WatchResult } from './world.ts';

/** What was loaded besides the contact's own state. */
export interface Background {
  history: History;
  /** The latest activity the inactivity trigger of a scenario listens to. */
  lastActivity: (scenarioId: string) => PastEvent | undefined;
  /** The scenarios whose audiences may change for the contact. */
  audiences: readonly CompiledScenario[];
}

/**
 * All that is due for one contact, taken in order and decided: the heart of the engine, a pure function.
 * Live service, `test`, `rehearse` and `forecast` run this and nothing else (rule D7).
 */
export function advance(
  state: ContactState,
  due: Due,
  background: Background,
  library: Library,
  now: Instant,
): ContactChanges {
  const run = new ContactRun(state, library, background.history, now);
  run.takenUpTo = takenBefore(due, 0, now);
  let arrived = 0;
  for (const group of agenda(state, due, now)) {
    const late = isLateArrival(run, group);
    run.cause = group.tasks[0]!.time;
    if (late || isFirstLook(run, group, background)) live(run, { tasks: [], knownUpTo: before(group) }, background);
    if (group.tasks[0]!.kind === 'inbox') run.takenUpTo = takenBefore(due, ++arrived, now);
    live(run, group, background, late);
  }
  return run.changes();
}

/**
 * The last arrival that was taken when `arrived` of this tick's were, in this tick or an earlier one. An instant on the
 * clock may lie before that (a date that a contact's move brought into the past), and what is known is not forgotten.
 */
function takenBefore({ inbox, clockUntil }: Due, arrived: number, now: Instant): number {
  const next = inbox[arrived];
  if (next !== undefined) return next.seq - 1;
  const last = inbox.at(-1);
  // Short of `now` when the inbox was not emptied: what is left in it is not known yet.
  return last !== undefined && clockUntil < now ? last.seq : sequenceAt(now + 1) - 1;
}

/**
 * Lives through one instant: its tasks, what their steps ask for, and whom that brings into an audience or out of it.
 * A late event lets nobody in; what else had changed by then does, so there is a look before it and a quiet one after.
 */
function live(run: ContactRun, { tasks, knownUpTo }: TaskGroup, background: Background, quiet = false): void {
  run.begin(knownUpTo);
  run.desk.begin(run.cause);
  for (const task of tasks) {
    run.cause = task.time;
    take(run, task, background);
  }
  comeToRest(run, background, quiet);
}

/** Judges what an instant's tasks planned, and does what they asked for and led to, until nothing is left. */
export function comeToRest(run: ContactRun, { audiences }: Background, quiet = false): void {
  const rest = (): void => {
    do run.settle();
    while (lookAtAudiences(run, audiences, quiet));
  };
  rest();
  for (let next = run.followUps.next(); next !== undefined; next = run.followUps.next()) {
    takeFollowUp(run, next);
    rest();
  }
}

function isLateArrival({ library }: ContactRun, { tasks: [task] }: TaskGroup): boolean {
  if (task?.kind !== 'inbox' || task.item.kind !== 'event') return false;
  return isLate(task.item.event, library.policy.compiled.lateAfter);
}

/** Whoever was in an audience before the instant is so without entering: that must be seen before anything happens. */
function isFirstLook({ watches }: ContactRun, { tasks }: TaskGroup, { audiences }: Background): boolean {
  return audiences.some(({ id }) => {
    const watch = watches.get(id);
    return watch !== undefined && isUnsure(watch) && watch.dueAt !== null && watch.dueAt <= tasks[0]!.time;
  });
}

/** What was known before a group of tasks; the clock's own change nothing of that. */
function before({ tasks: [task], knownUpTo }: TaskGroup): number {
  return task?.kind === 'inbox' ? knownUpTo - 1 : knownUpTo;
}

function take(run: ContactRun, task: Task, background: Background): void {
  switch (task.kind) {
    case 'inbox':
      return takeItem(run, task.item);
    case 'timer': {
      const enrollment = run.enrollments.find(({ id }) => id === task.enrollmentId)!;
      // An arrival of the same tick may have moved it on.
      if (isLive(enrollment) && enrollment.dueAt === task.time) run.move(enrollment.id, { type: 'timer' });
      return;
    }
    case 'watch':
      return lookAtWatch(run, task.scenarioId, background);
    case 'message':
      return run.desk.reconsider(task.messageId);
    case 'expiry':
      return run.consent.expire(task.request);
  }
}

function takeItem(run: ContactRun, item: InboxItem): void {
  switch (item.kind) {
    case 'event':
      return takeEvent(run, item.event);
    case 'settled':
      // It never left, and has given its room back (rule P6): another may have it. What a provider refused keeps it.
      if (item.outcome === 'blocked' || item.outcome === 'expired') run.desk.takeRoomBack();
      if (item.enrollmentId !== null)
        run.move(item.enrollmentId, { type: 'settled', step: item.step, outcome: item.outcome });
      return;
    case 'called':
      return run.move(item.enrollmentId, { type: 'called', step: item.step, outcome: item.outcome });
    case 'taken-back':
      // Nothing is undone; audiences are looked at after every arrival.
      return;
    case 'consent':
      return run.desk.reconsiderHeld();
    case 'room':
      return run.desk.reconsiderPressed();
    case 'preferences':
      return run.desk.reconsiderWaiting();
    case 'objection':
      return run.endMarketing();
    case 'lifted':
      // What fell due meanwhile has its turn after this (see agenda).
      run.lifted = true;
      return;
    case 'replace':
      return replace(run, item);
    case 'enrol': {
      const scenario = run.library.live.find(({ id }) => id === item.scenarioId);
      if (scenario !== undefined) {
        const entry = { name: 'manual', at: item.receivedAt, properties: item.properties };
        run.enter(scenario, `manual ${item.seq}`, entry);
      }
      return;
    }
  }
}

function takeFollowUp(run: ContactRun, next: FollowUp): void {
  if (next.kind === 'event') {
    run.emitted.push(next.event);
    return takeEvent(run, next.event, next.depth);
  }
  const scenario = run.library.live.find(({ id }) => id === next.scenarioId);
  if (scenario !== undefined) run.enter(scenario, next.origin, next.entry);
}

/** `depth` is that of an event an `emit` step made; see EntryEvent. */
function takeEvent(run: ContactRun, event: CustomerEvent, depth?: number): void {
  run.ensureContact(event.userId, event.receivedAt);
  if (event.type === 'identify') run.setTraits(event.properties);
  const missing = missingTraits(run.ensureContact(event.userId, event.receivedAt), event.context);
  if (missing !== null) run.setTraits(missing);
  const { library } = run;
  // It ends a run of mails without one, which lowered maxima (rule P9).
  if (event.name === LINK_CLICKED && library.policy.compiled.fatigue?.hearsClicks === true)
    run.desk.reconsiderPressed();
  const late = isLate(event, library.policy.compiled.lateAfter);
  // Late events are history: they count in conditions, trigger nothing and end no wait.
  if (late) return;
  const entry: EntryEvent = { name: event.name, at: event.at, properties: event.properties };
  if (depth !== undefined) entry.depth = depth;
  for (const enrollment of run.enrollments.filter(isLive).sort(byEntry)) {
    const scenario = library.scenario(enrollment.scenarioId, enrollment.scenarioVersion);
    if (scenario === undefined || (scenario.listensTo.has(event.name) && isAbout(enrollment, scenario, entry))) {
      run.move(enrollment.id, { type: 'event', event, late }, entry);
    }
  }
  for (const scenario of library.triggeredBy(event.name)) run.enter(scenario, `event ${event.id}`, entry);
}

function lookAtWatch(run: ContactRun, scenarioId: string, background: Background): void {
  const watch = run.watches.get(scenarioId)!;
  const scenario = run.library.live.find(({ id }) => id === scenarioId);
  if (watch.dueAt === null || watch.dueAt > run.now) return;
  // Looked at when the instant is over.
  if (scenario !== undefined && scenario.watched !== null) return;
  if (scenario === undefined || run.contact === null || !isOfTime(scenario))
    return run.putWatch({ ...watch, dueAt: null });
  const { watch: moved, origin } = look(run, watch, scenario, run.contact, background);
  run.putWatch(moved);
  if (origin !== null) run.enter(scenario, origin, null);
}

function look(
  { library, now, zone, emitted }: ContactRun,
  watch: Watch,
  scenario: CompiledScenario,
  contact: Contact,
  background: Background,
): WatchResult {
  const date = dateTrigger(scenario);
  if (date !== null) return lookAtDate(watch, date, contact, now, zone);
  const schedule = scheduleTrigger(scenario);
  if (schedule !== null) return lookAtSchedule(watch, schedule, now, zone);
  const inactivity = inactivityTrigger(scenario)!;
  const { lateAfter } = library.policy.compiled;
  const last =
    emitted.findLast(({ name }) => inactivity.activity.includes(name)) ?? background.lastActivity(scenario.id);
  return lookAtInactivity(
    watch,
    inactivity,
    contact,
    last,
    now,
    zone,
    (event) => event.historical || event.receivedAt - event.at > lateAfter,
  );
}
