import { isRequest, type ConfirmationRequest } from '../consent/index.ts';
import type { Instant } from '../shared/clock.ts';
import { sequenceAt } from '../shared/sequence.ts';
import { byEntry, isLive } from './enrollment.ts';
import type { ContactState, Due, InboxItem } from './world.ts';

/** One thing to do for a contact. `time` is when it became due, which may lie before the tick's `now`. */
export type Task = { time: Instant } & (
  | { kind: 'inbox'; item: InboxItem }
  | { kind: 'timer'; enrollmentId: string }
  | { kind: 'watch'; scenarioId: string }
  | { kind: 'message'; messageId: string }
  | { kind: 'expiry'; request: ConfirmationRequest }
);

/** Tasks that became due at the same instant, with the last arrival that counts as known to them. */
export interface TaskGroup {
  tasks: Task[];
  /** Events with a higher `seq` had not arrived yet. */
  knownUpTo: number;
}

/**
 * What is due for one contact, in the order in which it became due; at one instant, arrivals come before the clock,
 * so that an exit received at the very instant of a send still prevents it. Each instant is a group of its own: a tick
 * that catches up after an outage decides as ticks in time would have (rules D2, P2).
 */
export function agenda(state: ContactState, due: Due, now: Instant): TaskGroup[] {
  const tasks = arrivals(due.inbox, now);
  const isDue = ({ dueAt }: { dueAt: Instant | null }): boolean => dueAt !== null && dueAt <= due.clockUntil;
  for (const { dueAt, id } of state.enrollments.filter((each) => isLive(each) && isDue(each)).sort(byEntry))
    tasks.push({ kind: 'timer', time: dueAt!, enrollmentId: id });
  for (const { dueAt, scenarioId } of state.watches
    .filter(isDue)
    .sort((a, b) => (a.scenarioId < b.scenarioId ? -1 : 1)))
    tasks.push({ kind: 'watch', time: dueAt!, scenarioId });
  for (const message of state.messages) {
    if (message.status === 'held' && message.dueAt <= due.clockUntil) {
      tasks.push({ kind: 'message', time: message.dueAt, messageId: message.id });
    }
  }
  for (const consent of state.consents) {
    if (isRequest(consent) && consent.expiresAt <= due.clockUntil)
      tasks.push({ kind: 'expiry', time: consent.expiresAt, request: consent });
  }
  // Nearly always.
  if (tasks.length === 1) return grouped(tasks, ({ time }) => time);
  const lift = tasks.findLast((task) => task.kind === 'inbox' && task.item.kind === 'lifted');
  const turn = (task: Task): Instant => turnOf(task, lift?.time ?? Number.NEGATIVE_INFINITY);
  // Array.sort is stable: arrivals keep their order, and stand before the clock's tasks of the same instant.
  tasks.sort((a, b) => turn(a) - turn(b) || Number(b.kind === 'inbox') - Number(a.kind === 'inbox') || a.time - b.time);
  return grouped(tasks, turn);
}

/**
 * What fell due while the contact was restricted has its turn at the lift, after all that arrived meanwhile: an order of
 * last week is known to the reminder of the week before (law L12). It stays due when it was: what has expired, has.
 */
function turnOf({ kind, time }: Task, liftedAt: Instant): Instant {
  return kind === 'inbox' ? time : Math.max(time, liftedAt);
}

/** Their numbers order arrivals, also when the clock that received them stepped back (rule D5). */
function arrivals(inbox: readonly InboxItem[], now: Instant): Task[] {
  let latest = Number.NEGATIVE_INFINITY;
  return inbox.map((item) => {
    latest = Math.max(latest, Math.min(item.receivedAt, now));
    return { kind: 'inbox', time: latest, item };
  });
}

function grouped(tasks: Task[], turn: (task: Task) => Instant): TaskGroup[] {
  const groups: TaskGroup[] = [];
  for (const task of tasks) {
    const group = groups.at(-1);
    // An arrival is an instant of its own, even in one millisecond: what comes after it was not known to it.
    const together =
      group !== undefined &&
      group.tasks[0]!.kind !== 'inbox' &&
      task.kind !== 'inbox' &&
      group.tasks[0]!.time === task.time;
    if (together) group.tasks.push(task);
    else
      groups.push({ tasks: [task], knownUpTo: task.kind === 'inbox' ? task.item.seq : sequenceAt(turn(task) + 1) - 1 });
  }
  return groups;
}
