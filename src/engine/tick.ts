import type { Suppression } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import { sendsSince, type CountedSend, type Meanwhile } from '../gate/index.ts';
import type { CompiledScenario, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { advance, type Background } from './advance.ts';
import { asked, stirred } from './audience-looks.ts';
import { arrivingAddresses, erasedAt, tracesToAsk } from './come-back.ts';
import { isLive } from './enrollment.ts';
import { withReachable } from './reach.ts';
import { sharePressure } from './shared-pressure.ts';
import { giveTurns } from './turns.ts';
import { inOrder } from './in-order.ts';
import { inactivityTrigger } from './inactivity.ts';
import { lastActivityKey } from './world.ts';
import type {
  ActivityOf,
  ActivityRequest,
  ContactChanges,
  ContactState,
  Due,
  History,
  HistoryRequest,
  Tick,
  TickLimits,
  World,
} from './world.ts';

const NO_HISTORY: History = { events: [], messages: [] };

/** Something was published since this library was loaded: load it again, and tick again. Nothing was changed. */
export class StaleLibrary extends Error {
  override readonly name = 'StaleLibrary';
}

/** Something about one contact defeats the engine. Nothing of the tick was committed; whoever runs it leaves that contact's lane out. */
export class ContactFault extends Error {
  override readonly name = 'ContactFault';
  readonly contactId: Id;

  constructor(contactId: Id, cause: unknown) {
    super(`contact ${contactId} cannot be moved on`, { cause });
    this.contactId = contactId;
  }
}

/** Names the contact in whatever goes wrong for it. */
function forContact<T>(contactId: Id, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ContactFault(contactId, error);
  }
}

/**
 * One turn of the engine's loop: take what is due, load facts, step and judge, commit. Returns how much was taken;
 * 0 when nothing was due. Throws StaleLibrary and ContactFault. The number of loads does not depend on the number of contacts.
 */
export function tick(world: World, library: Library, now: Instant, limits: TickLimits): Promise<number> {
  return world.tick(now, limits, (taken) => decide(taken, library, now));
}

async function decide(taken: Tick, library: Library, now: Instant): Promise<ContactChanges[]> {
  if (taken.revision !== null && taken.revision !== library.revision) throw new StaleLibrary();
  const loaded = await loadTaken(taken, library, now);
  const met = await metAmongTaken(taken, (contactId) => loaded(contactId).state.contact);
  const { once, ruleBook } = library.policy.compiled;
  const since = sendsSince(library.policy, now);
  const about = (due: Due, others: readonly CountedSend[] = [], meanwhile: readonly Meanwhile[] = []): ContactChanges =>
    forContact(due.contactId, () => {
      const { state, background } = loaded(due.contactId);
      const suppressions = met.erased.has(due.contactId) ? [erasedAt(now)] : [];
      const ofAddresses = met.suppressed.get(due.contactId) ?? [];
      const news = suppressions.length + ofAddresses.length + others.length + meanwhile.length > 0;
      const known = news
        ? {
            ...state,
            sends:
              others.length === 0 ? state.sends : inOrder([...state.sends, ...others.filter(({ at }) => at > since)]),
            // Whoever has that mailbox has been written to, whatever contact they are known as (law L23).
            spent: [...state.spent, ...others.filter(({ purpose }) => once.has(purpose))],
            suppressions: [...state.suppressions, ...suppressions, ...ofAddresses],
            meanwhile,
          }
        : state;
      const changes = advance(known, due, background, library, now);
      return suppressions.length === 0 ? changes : { ...changes, suppressions };
    });
  const dueOf = new Map(taken.due.map((due) => [due.contactId, due]));
  const isShared = once.size > 0 || ruleBook.sides.some(({ rules }) => rules.length > 0);
  return sharePressure(
    taken,
    taken.due.map((due) => about(due)),
    {
      contactOf: (contactId) => loaded(contactId).state.contact,
      isPressed: (contactId) => isShared || loaded(contactId).state.ownLimits !== null,
      again: (contactId, others, meanwhile) => about(dueOf.get(contactId)!, others, meanwhile),
    },
    once.size > 0 ? BEFORE_ALL : since,
  );
}

/** A friend is written to once in all time. */
const BEFORE_ALL: Instant = 0;

interface Met {
  /** Who was erased, and comes back (rule C8). */
  erased: ReadonlySet<Id>;
  /** What stands against the addresses that arrive (rule C6). */
  suppressed: ReadonlyMap<Id, Suppression[]>;
}

/** Nothing is asked for a tick in which nobody is new and no address changes: two statements else. */
async function metAmongTaken(taken: Tick, contactOf: (contactId: Id) => Contact | null): Promise<Met> {
  const traces = taken.due.flatMap((due) => tracesToAsk(due, contactOf(due.contactId)));
  const arriving = arrivingAddresses(traces);
  return {
    erased: traces.length === 0 ? new Set() : await taken.erased(traces),
    suppressed: arriving.length === 0 ? new Map() : await taken.suppressed(arriving),
  };
}

/** All that deciding about the contacts of a tick needs. */
export async function loadTaken(
  taken: Tick,
  library: Library,
  now: Instant,
): Promise<(contactId: Id) => { state: ContactState; background: Background }> {
  const enterable = new Map<Id, CompiledScenario[]>();
  for (const due of taken.due) if (due.inbox.length > 0) enterable.set(due.contactId, scenariosToEnter(due, library));
  const { byTime, expectedAnyway } = groundOf(library);
  const { sales, once } = library.policy.compiled;
  const wanted = { sendsSince: sendsSince(library.policy, now), sales, once };
  const entering = [...enterable.values()].flat();
  const expected =
    entering.length === 0
      ? expectedAnyway
      : new Set([...expectedAnyway, ...askedAgain(withReachable(entering, library))]);
  let states = await taken.load({ ...wanted, scenarioIds: [...expected] });

  const { histories, activities, reached, stirring } = requests(taken.due, states, enterable, byTime, library, now);
  // An old version may lead where no live one does.
  const more = [...askedAgain(reached)].filter((id) => !expected.has(id));
  if (more.length > 0) states = await taken.load({ ...wanted, scenarioIds: [...expected, ...more] });
  const history = histories.length > 0 ? await taken.history(histories) : new Map<Id, History>();
  const activity: ActivityOf = activities.length > 0 ? await taken.lastActivity(activities) : new Map();
  await giveTurns(taken, (contactId) => states.get(contactId)!, activity, library, now);

  return (contactId) => ({
    state: states.get(contactId)!,
    background: {
      history: history.get(contactId) ?? NO_HISTORY,
      lastActivity: (scenarioId: string) => activity.get(lastActivityKey(contactId, scenarioId)),
      audiences: stirring.get(contactId) ?? [],
    },
  });
}

/** What no tick changes: kept with its library, since a virtual clock has a tick for nearly every message. */
interface Ground {
  /** Live scenarios that time may let somebody into. */
  byTime: readonly CompiledScenario[];
  /** Ids of scenarios whose ended enrollments are asked for, whatever has arrived. */
  expectedAnyway: ReadonlySet<string>;
}

const grounds = new WeakMap<Library, Ground>();

function groundOf(library: Library): Ground {
  const known = grounds.get(library);
  if (known !== undefined) return known;
  const byTime = library.live.filter((scenario) => !('event' in scenario.definition.trigger));
  const expectedAnyway = askedAgain(withReachable([...byTime, ...emitting(library)], library));
  const ground = { byTime, expectedAnyway };
  grounds.set(library, ground);
  return ground;
}

/** Scenarios whose ended enrollments must be known: only re-entry looks at those. */
function askedAgain(scenarios: Iterable<CompiledScenario>): Set<string> {
  const ids = new Set<string>();
  for (const { id, definition } of scenarios) if (definition.reentry !== 'always') ids.add(id);
  return ids;
}

/** Live scenarios that lead into others, whoever may be inside. */
function emitting({ live }: Library): CompiledScenario[] {
  return live.filter(({ emits, enrols }) => emits.length > 0 || enrols.length > 0);
}

/** The scenarios that something in the contact's inbox may let it into: the live ones, or a version that takes over. */
function scenariosToEnter(due: Due, library: Library): CompiledScenario[] {
  const found = new Set<CompiledScenario>();
  for (const item of due.inbox) {
    if (item.kind === 'event') for (const scenario of library.triggeredBy(item.event.name)) found.add(scenario);
    if (item.kind === 'enrol')
      for (const scenario of library.live) if (scenario.id === item.scenarioId) found.add(scenario);
    if (item.kind === 'replace' && item.version !== null) {
      const scenario = library.scenario(item.scenarioId, item.version);
      if (scenario !== undefined) found.add(scenario);
    }
  }
  return [...found];
}

interface Requests {
  histories: HistoryRequest[];
  activities: ActivityRequest[];
  reached: Set<CompiledScenario>;
  /** By contact, the audience scenarios to look at. */
  stirring: Map<Id, CompiledScenario[]>;
}

/** Which past events the machines at hand may ask for, and which others they may lead into. Nobody's history is read who needs none. */
function requests(
  dues: readonly Due[],
  states: ReadonlyMap<Id, ContactState>,
  enterable: ReadonlyMap<Id, CompiledScenario[]>,
  byTime: readonly CompiledScenario[],
  library: Library,
  now: Instant,
): Requests {
  const histories: HistoryRequest[] = [];
  const activities: ActivityRequest[] = [];
  const reached = new Set<CompiledScenario>();
  const stirring = new Map<Id, CompiledScenario[]>();
  for (const due of dues) {
    const { contactId } = due;
    const state = states.get(contactId)!;
    const scenarios = new Set(enterable.get(contactId));
    for (const enrollment of state.enrollments) {
      if (!isLive(enrollment)) continue;
      const { scenarioId, scenarioVersion } = enrollment;
      // An old version is compiled when somebody in it first moves, which may fail.
      const scenario = forContact(contactId, () => library.scenario(scenarioId, scenarioVersion));
      if (scenario !== undefined) scenarios.add(scenario);
    }
    for (const scenario of byTime) {
      const watch = state.watches.find(({ scenarioId }) => scenarioId === scenario.id);
      if (watch === undefined || watch.dueAt === null || watch.dueAt > now) continue;
      scenarios.add(scenario);
      const trigger = inactivityTrigger(scenario);
      if (trigger !== null) activities.push({ contactId, scenarioId: scenario.id, names: trigger.activity });
    }
    const audiences = stirred(due, state, scenarios, library, now);
    if (audiences.length > 0) stirring.set(contactId, audiences);
    for (const scenario of audiences) scenarios.add(scenario);
    let names: ReadonlySet<string> | null = null;
    let messages = false;
    for (const scenario of withReachable(scenarios, library)) {
      if (!scenarios.has(scenario)) reached.add(scenario);
      const asks = asked(scenario, library);
      if (asks.names.size > 0) names = names === null ? asks.names : new Set([...names, ...asks.names]);
      messages ||= asks.messages;
    }
    if (names !== null || messages) histories.push({ contactId, names: [...(names ?? [])], messages });
  }
  return { histories, activities, reached, stirring };
}
