import { begunAt, type Watch } from '../engine/index.ts';
import type { Message } from '../gate/index.ts';
import type { CompiledScenario } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { KnownContact } from './known-contact.store.ts';
import type { VirtualRun } from './virtual-run.ts';

/**
 * Puts a real contact into the virtual world at `from`, as the engine would find it: inside where it is inside, with
 * what is held for it, and with every watch of time looked at as after a publication.
 * @param isPast `from` lies before what was read: then it is not known what had fired, nor what was on its way
 */
export function placeKnown(run: VirtualRun, known: KnownContact, from: Instant, isPast: boolean): Id {
  const enrollments = known.enrollments.filter((enrollment) => isKnownAt(enrollment, from));
  const watches = watchesOf(run.library.live, known.watches, known.contact.id, from, isPast);
  return placeWith(run, { ...known, enrollments }, watches, from);
}

/** Puts a real contact there at `from`, with all that is known of it then and these watches. */
export function placeWith(run: VirtualRun, known: KnownContact, watches: readonly Watch[], from: Instant): Id {
  const { contact, enrollments: inside } = known;
  const record = run.world.of(contact.id);
  const waitingFor = new Set(inside.flatMap(({ id, endedAt }) => (endedAt === null ? [id] : [])));
  const pending = known.pending.filter(
    ({ enrollmentId, plannedAt }) => plannedAt <= from && waitingFor.has(enrollmentId ?? ''),
  );
  const placed = new Set(pending.map(({ id }) => id));

  record.consents = known.consents;
  record.suppressions = known.suppressions;
  record.ownLimits = known.ownLimits;
  record.events = known.events;
  record.earlierMessages = known.messages;
  record.earlierSpent = known.spent;
  record.earlierSends = known.sends.filter(({ messageId }) => !placed.has(messageId));
  for (const enrollment of inside) record.enrollments.set(enrollment.id, enrollment);
  for (const message of pending) {
    // What is with the dispatcher by now is taken to arrive.
    const leaves = message.status !== 'held';
    const there: Message = leaves ? { ...message, status: 'sent', settledAt: from } : message;
    record.messages.set(message.id, there);
  }
  run.world.place(contact, watches);
  for (const { id: messageId, enrollmentId, step, status } of pending)
    if (status !== 'held')
      run.arrive({ kind: 'settled', contactId: contact.id, messageId, enrollmentId, step, outcome: 'sent' });
  for (const { id: enrollmentId, endedAt, scenarioId, scenarioVersion, state } of inside) {
    const step = state.context.enteredAs ?? state.value;
    const kind = run.library.scenario(scenarioId, scenarioVersion)?.definition.steps[state.value]?.kind;
    // A call under way is taken to succeed.
    if (endedAt === null && kind === 'webhook')
      run.arrive({ kind: 'called', contactId: contact.id, callId: enrollmentId, enrollmentId, step, outcome: 'done' });
  }
  return contact.id;
}

/** True when it is known where the contact was in it: it had ended, or has not moved since. */
export function isKnownAt({ endedAt, stepEnteredAt }: KnownContact['enrollments'][number], at: Instant): boolean {
  return endedAt === null ? stepEnteredAt <= at : endedAt <= at;
}

function watchesOf(
  live: readonly CompiledScenario[],
  known: readonly Watch[],
  contactId: Id,
  from: Instant,
  isPast: boolean,
): Watch[] {
  return live
    .filter(({ definition: { trigger } }) => trigger.kind !== 'event' && trigger.kind !== 'manual')
    .map((scenario) => {
      const { id: scenarioId } = scenario;
      const watch = known.find((each) => each.scenarioId === scenarioId);
      const { inside: _inside, ...fired } = watch?.fired ?? begunAt(scenario, from);
      return { contactId, scenarioId, fired: isPast ? {} : fired, dueAt: from };
    });
}
