import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';
import type { Scenario } from './scenario.schema.ts';

/**
 * What becomes of people inside a scenario that a publication replaces: they finish in the version they are in, go on
 * in the new one from the same step, or are stopped.
 */
export const IN_FLIGHT = ['finish', 'migrate', 'stop'] as const;
export type InFlight = (typeof IN_FLIGHT)[number];

/** Where people go on who stand in a step, by its id; null stops them. A step that is not named keeps its people. */
export type StepMap = Readonly<Record<string, string | null>>;

/** What somebody wants done with the people inside; `maps` are those of each scenario, for `migrate` alone. */
export interface InFlightChoice {
  inFlight: InFlight;
  maps?: ReadonlyMap<string, StepMap>;
}

/** A scenario with people inside, and the version that takes over; null when it is retired. */
export interface Replacement {
  id: string;
  version: number | null;
  map: StepMap;
}

/** How many people stand in one step of one version. */
export interface PeopleInside {
  id: string;
  version: number;
  step: string;
  people: number;
}

/** Who is inside what a plan changes, and the sources of all versions there are. */
export interface Standing {
  inside: readonly PeopleInside[];
  published: readonly { id: string; version: number; source: string }[];
}

/** What a publication means for people in one step. */
export interface Fate {
  id: string;
  step: string;
  people: number;
  /**
   * `enter`: a step of another kind takes the place of theirs, and they enter it anew. `lost`: they would migrate, but
   * nothing in the new version takes the place of their step.
   */
  becomes: InFlight | 'enter' | 'lost';
  /** The step of the new version in which they go on, when it has another id. */
  to?: string;
}

/** How somebody goes on in another version: `resume` as if the step had been entered there, or `enter` it now. */
export type WayOn = { kind: 'resume' | 'enter'; step: string } | { kind: 'stop' | 'lost' };

/**
 * What migrating means for somebody in `step` of the one version. A step of the same kind, of the same id or named by
 * the map, takes over what is waited for; a step of another kind is entered, and only where the map says so.
 */
export function wayOn(step: string, from: Scenario | undefined, to: Scenario | undefined, map: StepMap = {}): WayOn {
  const named = Object.hasOwn(map, step) ? map[step] : undefined;
  if (named === null) return { kind: 'stop' };
  const target = named ?? step;
  const [before, after] = [kindOf(from, step), kindOf(to, target)];
  if (after !== undefined && after === before) return { kind: 'resume', step: target };
  return named === undefined || after === undefined ? { kind: 'lost' } : { kind: 'enter', step: target };
}

/** Ids may be names that every object has. */
function kindOf(scenario: Scenario | undefined, step: string): string | undefined {
  return scenario !== undefined && Object.hasOwn(scenario.steps, step) ? scenario.steps[step]!.kind : undefined;
}

/** Why somebody was stopped by a publication, for a version that takes over or, null, a scenario that was retired. */
export function stoppedBecause(version: number | null): string {
  return version === null ? 'retired' : `replaced by version ${version}`;
}

/** Whose people a publication touches. In a retired scenario they can finish or be stopped; there is nowhere to migrate to. */
export function replacements({ scenarios }: PublishPlan, { inFlight, maps }: InFlightChoice): Replacement[] {
  return scenarios.flatMap(({ id, kind, from, version }) => {
    if (from === null || kind === 'unchanged' || (kind === 'retired' && inFlight === 'migrate')) return [];
    return [{ id, version: kind === 'retired' ? null : version, map: maps?.get(id) ?? {} }];
  });
}

/** What a plan means for the people inside now, fullest step first. */
export function fates(
  { scenarios }: PublishPlan,
  { inFlight, maps }: InFlightChoice,
  { inside, published }: Standing,
): Fate[] {
  const planned = new Map(scenarios.map((change) => [change.id, change]));
  const read = (source: string | undefined): Scenario | undefined =>
    source === undefined ? undefined : parseScenario(source, '').parsed?.scenario;
  const found = new Map<string, Fate>();
  for (const { id, version, step, people } of inside) {
    const { kind, content } = planned.get(id)!;
    const fate: Fate = { id, step, people, becomes: inFlight };
    if (inFlight === 'migrate' && kind === 'retired') fate.becomes = 'finish';
    else if (inFlight === 'migrate') {
      const from = published.find((each) => each.id === id && each.version === version)?.source;
      const way = wayOn(step, read(from), read(content?.source), maps?.get(id));
      fate.becomes = way.kind === 'resume' ? 'migrate' : way.kind;
      if ('step' in way && (way.step !== step || way.kind === 'enter')) fate.to = way.step;
    }
    const name = JSON.stringify([id, step, fate.becomes]);
    const same = found.get(name);
    if (same === undefined) found.set(name, fate);
    else same.people += people;
  }
  return [...found.values()].sort(byNumber);
}

function byNumber(a: Fate, b: Fate): number {
  return a.id === b.id ? b.people - a.people || (a.step < b.step ? -1 : 1) : a.id < b.id ? -1 : 1;
}
