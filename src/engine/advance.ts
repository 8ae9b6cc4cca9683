import type { PastEvent } from '../audience/index.ts';
import { isLate, type CustomerEvent } from '../events/index.ts';
import type { EntryEvent, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { agenda, type Task } from './agenda.ts';
import { ContactRun } from './contact-run.ts';
import { byEntry, isLive } from './enrollment.ts';
import { dateTrigger, inactivityTrigger, lookAtDate, lookAtInactivity } from './watches.ts';
import type { ContactChanges, ContactState, Due, History, InboxItem } from './world.ts';

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
export function advance(state: ContactState, due: Due, background: Background, library: Library, now: Instant): ContactChanges {
  const run = new ContactRun(state, library, background.history, now);
  for (const group of agenda(state, due, now)) {
    run.begin(group.knownUpTo);
    for (const task of group.tasks) {
      run.cause = task.time;
      take(run, task, background);
    }
    run.settle();
  }
  return run.changes();
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
      return run.reconsider(task.messageId);
  }
}

function takeItem(run: ContactRun, item: InboxItem): void {
  switch (item.kind) {
    case 'event':
      return takeEvent(run, item.event);
    case 'settled':
      if (item.enrollmentId !== null) run.move(item.enrollmentId, { type: 'settled', step: item.step, outcome: item.outcome });
      return;
    case 'consent':
      for (const message of run.messages.values()) if (message.status === 'held') run.reconsider(message.id);
      return;
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

function takeEvent(run: ContactRun, event: CustomerEvent): void {
  run.ensureContact(event.userId, event.receivedAt);
  if (event.type === 'identify') run.setTraits(event.properties);
  const { library } = run;
  const late = isLate(event, library.policy.compiled.lateAfter);
  // Late events are history: they count in conditions, trigger nothing and end no wait.
  if (late) return;
  const entry: EntryEvent = { name: event.name, at: event.at, properties: event.properties };
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
  const date = scenario === undefined ? null : dateTrigger(scenario);
  const inactivity = scenario === undefined ? null : inactivityTrigger(scenario);
  if (scenario === undefined || run.contact === null || (date === null && inactivity === null)) {
    return run.putWatch({ ...watch, dueAt: null });
  }
  const { lateAfter } = run.library.policy.compiled;
  const { watch: moved, origin } =
    date !== null
      ? lookAtDate(watch, date, run.contact, run.now, run.zone)
      : lookAtInactivity(
          watch,
          inactivity!,
          run.contact,
          background.lastActivity(scenarioId),
          run.now,
          run.zone,
          (event) => event.historical || event.receivedAt - event.at > lateAfter,
        );
  run.putWatch(moved);
  if (origin !== null) run.enter(scenario, origin, null);
}
