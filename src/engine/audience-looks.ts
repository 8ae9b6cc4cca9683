import { isRequest } from '../consent/index.ts';
import type { AudienceTrigger, CompiledScenario, Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { ContactRun } from './contact-run.ts';
import { withReachable } from './reach.ts';
import type { ContactState, Due, InboxItem, Watch } from './world.ts';

export function audienceTrigger(scenario: CompiledScenario): AudienceTrigger | null {
  const { trigger } = scenario.definition;
  return trigger.kind === 'audience' ? trigger : null;
}

/** True for a watch that has not been looked at since its scenario was published, or its contact was put there as known. */
export function isUnsure({ fired }: Watch): boolean {
  return fired.inside === undefined;
}

/**
 * Looks at whether the contact is in the audiences of these scenarios, and lets it into those for which that has just
 * changed as they ask. True when it let it in anywhere: then there is more to do at this instant, and to look at again.
 * An instant lets into each at most once, since it gives the enrollment its id; so this comes to an end.
 * @param quiet what changed is noted and lets nobody in
 */
export function lookAtAudiences(run: ContactRun, scenarios: readonly CompiledScenario[], quiet: boolean): boolean {
  let entered = false;
  for (const scenario of scenarios) {
    const { watched, id } = scenario;
    const watch = run.watches.get(id);
    if (watched === null || watch === undefined || run.contact === null) continue;
    const facts = run.facts(undefined, run.takenUpTo);
    const inside = watched.holds(facts);
    const dueAt = watched.nextChange(facts);
    if (inside !== watch.fired.inside || dueAt !== watch.dueAt)
      run.putWatch({ ...watch, dueAt, fired: { ...watch.fired, inside } });
    const turned = !isUnsure(watch) && inside !== watch.fired.inside;
    if (!turned || quiet || inside !== (audienceTrigger(scenario)?.on === 'enters')) continue;
    entered = run.enter(scenario, `audience ${run.knownUpTo}`, null) || entered;
  }
  return entered;
}

/**
 * The scenarios with an audience trigger for which something may change in a tick. Only these are looked at, and have
 * their history loaded: nobody's is read for an event that no audience asks about.
 * @param moving what the contact is inside of, or may be let into
 */
export function stirred(
  due: Due,
  state: ContactState,
  moving: Iterable<CompiledScenario>,
  library: Library,
  now: Instant,
): CompiledScenario[] {
  if (!library.live.some(({ watched }) => watched !== null)) return [];
  const audiences = library.live.filter(({ watched }) => watched !== null);
  const found = new Set<CompiledScenario>();
  for (let sure = -1; sure < found.size;) {
    sure = found.size;
    const reached = withReachable([...moving, ...found], library);
    for (const scenario of audiences) if (mayChange(scenario, due, state, reached, library, now)) found.add(scenario);
  }
  return audiences.filter((scenario) => found.has(scenario));
}

function mayChange(
  scenario: CompiledScenario,
  { inbox }: Due,
  { contact, watches, consents }: ContactState,
  reached: ReadonlySet<CompiledScenario>,
  library: Library,
  now: Instant,
): boolean {
  if (contact === null) return true;
  const watch = watches.find(({ scenarioId }) => scenarioId === scenario.id);
  if (watch === undefined) return false;
  if (watch.dueAt !== null && watch.dueAt <= now) return true;
  if (consents.some((consent) => isRequest(consent) && consent.expiresAt <= now)) return true;
  const { names, messages } = asked(scenario, library);
  const isNews = (item: InboxItem): boolean => {
    // Traits move the contact's clock too, by which every duration is counted.
    if (item.kind === 'event') {
      const { type, name, properties } = item.event;
      // Clicks, opens and whatever else comes back are events that name their message.
      return type === 'identify' || names.has(name) || (messages && typeof properties['messageId'] === 'string');
    }
    // A language that was chosen is the contact's locale from then on.
    if (item.kind === 'preferences') return true;
    return item.kind === 'consent' || ((item.kind === 'settled' || item.kind === 'taken-back') && messages);
  };
  if (inbox.some(isNews)) return true;
  for (const { sets, emits } of reached) if (sets || emits.some((event) => names.has(event))) return true;
  return false;
}

/** What conditions ask for. */
interface Asked {
  /** Of past events. */
  readonly names: ReadonlySet<string>;
  /** Past messages. */
  readonly messages: boolean;
}

/** Kept with its library: no tick changes it, and every look at a contact asks. */
const known = new WeakMap<Library, WeakMap<CompiledScenario, Asked>>();

/** What conditions of a scenario ask for, with what the audiences they name ask for. */
export function asked(scenario: CompiledScenario, library: Library): Asked {
  let ofLibrary = known.get(library);
  if (ofLibrary === undefined) known.set(library, (ofLibrary = new WeakMap()));
  let asks = ofLibrary.get(scenario);
  if (asks === undefined) ofLibrary.set(scenario, (asks = askedBy(scenario, library)));
  return asks;
}

function askedBy(scenario: CompiledScenario, library: Library): Asked {
  const names = new Set(scenario.historyNames);
  let messages = scenario.needsMessages;
  for (const audience of scenario.audiences) {
    const named = library.policy.compiled.audiences.get(audience);
    for (const name of named?.historyNames ?? []) names.add(name);
    messages ||= named?.usesMessages === true;
  }
  return { names, messages };
}
