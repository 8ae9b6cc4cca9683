import { sendsSince } from '../gate/index.ts';
import type { CompiledScenario, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { advance } from './advance.ts';
import { isLive } from './enrollment.ts';
import { inactivityTrigger } from './watches.ts';
import { lastActivityKey } from './world.ts';
import type { ActivityRequest, ContactChanges, ContactState, Due, History, HistoryRequest, Tick, TickLimits, World } from './world.ts';

const NO_HISTORY: History = { events: [], messages: [] };

/** Something was published since this library was loaded: load it again, and tick again. Nothing was changed. */
export class StaleLibrary extends Error {
  override readonly name = 'StaleLibrary';
}

/**
 * One turn of the engine's loop: take what is due, load facts, step and judge, commit. Returns how much was taken;
 * 0 when nothing was due. Throws StaleLibrary. The number of loads does not depend on the number of contacts.
 */
export function tick(world: World, library: Library, now: Instant, limits: TickLimits): Promise<number> {
  return world.tick(now, limits, (taken) => decide(taken, library, now));
}

async function decide(taken: Tick, library: Library, now: Instant): Promise<ContactChanges[]> {
  if (taken.revision !== null && taken.revision !== library.revision) throw new StaleLibrary();
  const enterable = new Map(taken.due.map((due) => [due.contactId, scenariosToEnter(due, library)]));
  const byTime = library.live.filter((scenario) => !('event' in scenario.definition.trigger));
  const askedAgain = new Set<string>();
  // Only re-entry looks at enrollments that have ended.
  for (const { id, definition } of new Set([...enterable.values(), byTime].flat())) {
    if (definition.reentry !== 'always') askedAgain.add(id);
  }
  const states = await taken.load([...askedAgain], sendsSince(library.policy, now));

  const { histories, activities } = requests(taken.due, states, enterable, byTime, library, now);
  const history = histories.length > 0 ? await taken.history(histories) : new Map<Id, History>();
  const activity = activities.length > 0 ? await taken.lastActivity(activities) : new Map<string, never>();

  return taken.due.map((due) => {
    const { contactId } = due;
    const background = {
      history: history.get(contactId) ?? NO_HISTORY,
      lastActivity: (scenarioId: string) => activity.get(lastActivityKey(contactId, scenarioId)),
    };
    return advance(states.get(contactId)!, due, background, library, now);
  });
}

/** The live scenarios that something in the contact's inbox may let it into. */
function scenariosToEnter(due: Due, library: Library): CompiledScenario[] {
  const found = new Set<CompiledScenario>();
  for (const item of due.inbox) {
    if (item.kind === 'event') for (const scenario of library.triggeredBy(item.event.name)) found.add(scenario);
    if (item.kind === 'enrol') for (const scenario of library.live) if (scenario.id === item.scenarioId) found.add(scenario);
  }
  return [...found];
}

/** Which past events the machines at hand may ask for. Nobody's history is read who needs none. */
function requests(
  dues: readonly Due[],
  states: ReadonlyMap<Id, ContactState>,
  enterable: ReadonlyMap<Id, CompiledScenario[]>,
  byTime: readonly CompiledScenario[],
  library: Library,
  now: Instant,
): { histories: HistoryRequest[]; activities: ActivityRequest[] } {
  const histories: HistoryRequest[] = [];
  const activities: ActivityRequest[] = [];
  for (const { contactId } of dues) {
    const state = states.get(contactId)!;
    const scenarios = new Set(enterable.get(contactId));
    for (const enrollment of state.enrollments) {
      if (!isLive(enrollment)) continue;
      const scenario = library.scenario(enrollment.scenarioId, enrollment.scenarioVersion);
      if (scenario !== undefined) scenarios.add(scenario);
    }
    for (const scenario of byTime) {
      const watch = state.watches.find(({ scenarioId }) => scenarioId === scenario.id);
      if (watch === undefined || watch.dueAt === null || watch.dueAt > now) continue;
      scenarios.add(scenario);
      const trigger = inactivityTrigger(scenario);
      if (trigger !== null) activities.push({ contactId, scenarioId: scenario.id, names: trigger.activity });
    }
    const names = new Set<string>();
    let messages = false;
    for (const scenario of scenarios) {
      for (const name of scenario.historyNames) names.add(name);
      messages ||= scenario.needsMessages;
    }
    if (names.size > 0 || messages) histories.push({ contactId, names: [...names], messages });
  }
  return { histories, activities };
}
