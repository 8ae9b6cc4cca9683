import { contactZone } from '../calendar/index.ts';
import { spreadOf, turnAt, type Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { idleUntil, inactivityTrigger } from './inactivity.ts';
import { lastActivityKey, type ActivityOf, type ContactState, type Due, type Tick } from './world.ts';

/** Somebody whose time had passed, and who waits to be told when its turn comes. */
interface Waiting {
  contactId: Id;
  scenarioId: string;
  perDay: number;
  lastActive: Instant;
}

/**
 * Gives turns to those whom `existing: { spread: 500/d }` lets in and who have none yet: whoever was active last comes
 * first. Who was there at the publication has one from it. One statement, and none where nobody asks.
 */
export async function giveTurns(
  taken: Tick,
  stateOf: (contactId: Id) => ContactState,
  lastActivity: ActivityOf,
  library: Library,
  now: Instant,
): Promise<void> {
  const waiting = taken.due.flatMap((due) => waitingOf(due, stateOf(due.contactId), lastActivity, library));
  if (waiting.length === 0) return;
  waiting.sort((a, b) => b.lastActive - a.lastActive || (a.contactId < b.contactId ? -1 : 1));
  const lines = new Map<string, Waiting[]>();
  for (const each of waiting) lines.set(each.scenarioId, [...(lines.get(each.scenarioId) ?? []), each]);
  const asked = [...lines].map(([scenarioId, line]) => ({ scenarioId, perDay: line[0]!.perDay, count: line.length }));
  for (const { scenarioId, since, first } of await taken.takeTurns(asked, now)) {
    for (const [index, { contactId, perDay }] of lines.get(scenarioId)!.entries()) {
      const { watches } = stateOf(contactId);
      const at = watches.findIndex((watch) => watch.scenarioId === scenarioId);
      const watch = watches[at]!;
      const existing = { ...watch.fired.existing!, turn: turnAt(since, first + index, perDay) };
      watches[at] = { ...watch, fired: { ...watch.fired, existing } };
    }
  }
}

function waitingOf(
  { clockUntil }: Due,
  { contact, contactId, watches }: ContactState,
  lastActivity: ActivityOf,
  library: Library,
): Waiting[] {
  if (contact === null) return [];
  const zone = contactZone(contact, library.policy.policy.timezone);
  return watches.flatMap(({ scenarioId, dueAt, fired }): Waiting[] => {
    if (fired.existing === undefined || fired.existing.turn !== undefined || dueAt === null || dueAt > clockUntil)
      return [];
    const scenario = library.live.find(({ id }) => id === scenarioId);
    const trigger = scenario === undefined ? null : inactivityTrigger(scenario);
    const perDay = trigger === null ? null : spreadOf(trigger.existing);
    if (trigger === null || perDay === null) return [];
    const last = lastActivity.get(lastActivityKey(contactId, scenarioId));
    if (last === undefined && !trigger.neverActive) return [];
    const lastActive = last?.at ?? contact.createdAt;
    const hadFired = fired.since !== undefined && lastActive <= fired.since;
    if (hadFired || idleUntil(trigger, lastActive, zone) > fired.existing.at) return [];
    return [{ contactId, scenarioId, perDay, lastActive }];
  });
}
