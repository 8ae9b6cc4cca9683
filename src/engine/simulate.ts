import type { Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { comeToRest, type Background } from './advance.ts';
import { ContactRun } from './contact-run.ts';
import { isLive } from './enrollment.ts';
import { replace } from './replace.ts';
import type { ContactState, Enrollment, InboxItem } from './world.ts';

export type Replace = InboxItem & { kind: 'replace' };

/** What a publication does to one enrollment, at once. */
export interface Passage {
  scenarioId: string;
  /** The step it was in. */
  from: string;
  /** Goes on waiting there, is moved to another step, or is over. */
  becomes: 'waits' | 'moves' | 'ends';
  /** Where it comes to rest: a step, or how it ended. */
  at: string;
  /** When it goes on by itself; null when it waits for the outcome of a message, or has ended. */
  dueAt: Instant | null;
  /** Why it ended. */
  reason: string | null;
}

/** What a publication does to one message, planned before or because of it. */
export interface MessageFate {
  scenarioId: string;
  isNew: boolean;
  status: Message['status'];
  /** What blocked it, when something did. */
  gate: string | null;
}

/**
 * What `replace` items would make of one contact, by the engine's own functions (rule D7): they are taken, the machines
 * come to rest, and whose timer is due at once by then goes on. Changes nothing.
 */
export function simulateReplace(
  state: ContactState,
  items: readonly Replace[],
  background: Background,
  library: Library,
  now: Instant,
): { passages: Passage[]; messages: MessageFate[] } {
  const run = new ContactRun(state, library, background.history, now);
  const concerned = state.enrollments.filter(
    (enrollment) => isLive(enrollment) && items.some((item) => concerns(item, enrollment)),
  );
  const nowOf = ({ id }: { id: Id }): Enrollment => run.enrollments.find((each) => each.id === id)!;

  run.takenUpTo = Number.MAX_SAFE_INTEGER;
  run.begin(Number.MAX_SAFE_INTEGER);
  for (const item of items) replace(run, item);
  comeToRest(run, background);
  run.begin(Number.MAX_SAFE_INTEGER);
  for (const before of concerned) {
    const { dueAt } = nowOf(before);
    if (isLive(nowOf(before)) && dueAt !== null && dueAt <= now) run.move(before.id, { type: 'timer' });
  }
  comeToRest(run, background);

  const touched = new Set(concerned.map(({ id }) => id));
  const known = new Map(state.messages.map((message) => [message.id, message]));
  const messages = [...run.desk.messages.values()].filter(
    ({ id, enrollmentId }) => !known.has(id) || touched.has(enrollmentId ?? ''),
  );
  return {
    passages: concerned.map((before) => passage(before, nowOf(before))),
    messages: messages.map(({ id, scenarioId, status, gate }) => ({
      scenarioId,
      isNew: !known.has(id),
      status,
      gate: status === 'blocked' ? gate : null,
    })),
  };
}

function concerns(
  { scenarioId, version }: Replace,
  enrollment: Pick<Enrollment, 'scenarioId' | 'scenarioVersion'>,
): boolean {
  return enrollment.scenarioId === scenarioId && (version === null || enrollment.scenarioVersion < version);
}

function passage(before: Enrollment, after: Enrollment): Passage {
  const { scenarioId, state } = before;
  if (!isLive(after)) {
    return { scenarioId, from: state.value, becomes: 'ends', at: after.status, dueAt: null, reason: after.reason };
  }
  const stays = after.stepEnteredAt === before.stepEnteredAt && after.planned === before.planned;
  return {
    scenarioId,
    from: state.value,
    becomes: stays ? 'waits' : 'moves',
    at: after.state.value,
    dueAt: after.dueAt,
    reason: null,
  };
}
