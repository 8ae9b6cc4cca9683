import type { PastEvent } from '../audience/index.ts';
import type { Contact } from '../contacts/index.ts';
import { isLate, type CustomerEvent } from '../events/index.ts';
import type { CompiledScenario, EntryEvent, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { agenda, type Task } from './agenda.ts';
import { ContactRun } from './contact-run.ts';
import { byEntry, isLive } from './enrollment.ts';
import type { FollowUp } from './follow-ups.ts';
import { replace } from './replace.ts';
import { lookAtSchedule, scheduleTrigger } from './schedule.ts';
import { dateTrigger, inactivityTrigger, isOfTime, lookAtDate, lookAtInactivity, type WatchResult } from './watches.ts';
import type { ContactChanges, ContactState, Due, History, InboxItem, Watch } from './world.ts';

/** What was loaded besides the contact's own state. */
export interface Background {
  history: History;
  /** The latest activity the inactivity trigger of a scenario listens to. */
  lastActivity: (scenarioId: string) => PastEvent | undefined;
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
  for (const group of agenda(state, due, now)) {
    run.begin(group.knownUpTo);
    for (const task of group.tasks) {
      run.cause = task.time;
      take(run, task, background);
    }
    comeToRest(run);
  }
  return run.changes();
}

/** Judges what an instant's tasks planned, and does what they asked for, until nothing is left. */
export function comeToRest(run: ContactRun): void {
  run.settle();
  for (let next = run.followUps.next(); next !== undefined; next = run.followUps.next()) {
    takeFollowUp(run, next);
    run.settle();
  }
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
  }
}

function takeItem(run: ContactRun, item: InboxItem): void {
  switch (item.kind) {
    case 'event':
      return takeEvent(run, item.event);
    case 'settled':
      if (item.enrollmentId !== null)
        run.move(item.enrollmentId, { type: 'settled', step: item.step, outcome: item.outcome });
      return;
    case 'called':
      return run.move(item.enrollmentId, { type: 'called', step: item.step, outcome: item.outcome });
    case 'consent':
      return run.desk.reconsiderHeld();
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
  const { library } = run;
  const late = isLate(event, library.policy.compiled.lateAfter);
  // Late events are history: they count in conditions, trigger nothing and end no wait.
  if (late) return;
  const entry: EntryEvent = { name: event.name, at: event.at, properties: event.properties };
  if (depth !== undefined) entry.depth = depth;
  for (const enrollment of run.enrollments.filter(isLive).sort(byEntry)) {
    const scenario = library.scenario(enrollment.scenarioId, enrollment.scenarioVersion);
    if (scenario === undefined || scenario.listensTo.has(event.name)) {
      run.move(enrollment.id, { type: 'event', event, late }, entry);
    }
  }
  for (const scenario of library.triggeredBy(event.name)) run.enter(scenario, `event ${event.id}`, entry);
}

function lookAtWatch(run: ContactRun, scenarioId: string, background: Background): void {
  const watch = run.watches.get(scenarioId)!;
  const scenario = run.library.live.find(({ id }) => id === scenarioId);
  if (watch.dueAt === null || watch.dueAt > run.now) return;
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
