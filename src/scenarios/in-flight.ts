import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';
import type { Scenario } from './scenario.schema.ts';

/**
 * What becomes of people inside a scenario that a publication replaces: they finish in the version they are in, go on
 * in the new one from the same step, or are stopped.
 */
export const IN_FLIGHT = ['finish', 'migrate', 'stop'] as const;
export type InFlight = (typeof IN_FLIGHT)[number];

/** A scenario with people inside, and the version that takes over; null when it is retired. */
export interface Replacement {
  id: string;
  version: number | null;
}

/** How many people stand in one step of one version. */
export interface PeopleInside {
  id: string;
  version: number;
  step: string;
  people: number;
}

/** What a publication means for people in one step. */
export interface Fate {
  id: string;
  step: string;
  people: number;
  /** `lost`: they would migrate, but the new version has no such step, so they are stopped. */
  becomes: InFlight | 'lost';
}

/** Can somebody who is in `step` of the one version go on in the other? It must have a step of that id and kind. */
export function staysIn(step: string, from: Scenario | undefined, to: Scenario | undefined): boolean {
  const kind = from?.steps[step]?.kind;
  return kind !== undefined && to?.steps[step]?.kind === kind;
}

/** Why somebody was stopped by a publication, for a version that takes over or, null, a scenario that was retired. */
export function stoppedBecause(version: number | null): string {
  return version === null ? 'retired' : `replaced by version ${version}`;
}

/** Whose people a publication touches. In a retired scenario they can finish or be stopped; there is nowhere to migrate to. */
export function replacements({ scenarios }: PublishPlan, inFlight: 'migrate' | 'stop'): Replacement[] {
  return scenarios.flatMap(({ id, kind, from, version }) => {
    if (from === null || kind === 'unchanged' || (kind === 'retired' && inFlight === 'migrate')) return [];
    return [{ id, version: kind === 'retired' ? null : version }];
  });
}

/** What a plan means for the people inside now, fullest step first. `published` are the sources of all versions. */
export function fates(
  { scenarios }: PublishPlan,
  inFlight: InFlight,
  inside: readonly PeopleInside[],
  published: readonly { id: string; version: number; source: string }[],
): Fate[] {
  const planned = new Map(scenarios.map((change) => [change.id, change]));
  const read = (source: string | undefined): Scenario | undefined =>
    source === undefined ? undefined : parseScenario(source, '').parsed?.scenario;
  const found = new Map<string, Fate>();
  for (const { id, version, step, people } of inside) {
    const { kind, content } = planned.get(id)!;
    let becomes: Fate['becomes'] = inFlight;
    if (inFlight === 'migrate') {
      const from = published.find((each) => each.id === id && each.version === version)?.source;
      if (kind === 'retired') becomes = 'finish';
      else if (!staysIn(step, read(from), read(content?.source))) becomes = 'lost';
    }
    const name = `${id} ${step} ${becomes}`;
    found.set(name, { id, step, people: people + (found.get(name)?.people ?? 0), becomes });
  }
  return [...found.values()].sort(byNumber);
}

function byNumber(a: Fate, b: Fate): number {
  return a.id === b.id ? b.people - a.people || (a.step < b.step ? -1 : 1) : a.id < b.id ? -1 : 1;
}
