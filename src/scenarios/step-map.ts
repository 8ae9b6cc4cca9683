import { UserError, type Fault } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Fate, PeopleInside, StepMap } from './in-flight.ts';
import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';

/** What a map says of a step whose people are stopped. */
export const STOP = 'stop';

/** A map as people write it, `{ old: new, other: stop }`, as the engine reads it. */
export function stepMap(written: Readonly<Record<string, string>>): StepMap {
  return Object.fromEntries(Object.entries(written).map(([from, to]) => [from, to === STOP ? null : to]));
}

/**
 * What is wrong with where a map sends people, if anything. `steps` are those of the version they go to. `stop` means
 * to stop, so a step of that name cannot be meant, and must not be guessed at.
 */
export function faultOfTarget(to: string, steps: readonly string[]): { message: string; hint: string } | null {
  if (to === STOP && steps.includes(STOP))
    return {
      message: 'the new version has a step that is called `stop`, which also means to stop',
      hint: 'give that step another id',
    };
  if (to === STOP || steps.includes(to)) return null;
  return { message: `the new version has no step \`${to}\``, hint: suggestion(to, [...steps, STOP]) };
}

interface Mapping {
  written: string;
  scenario: string | undefined;
  from: string;
  to: string;
}

/**
 * Reads `old=new`, `old=stop` and `scenario:old=new`, for the scenarios a plan changes and the people inside them.
 * Throws UserError with a fault for each mapping that means nobody, leads nowhere or leaves open what it means.
 */
export function readStepMaps(
  written: readonly string[],
  plan: PublishPlan,
  inside: readonly PeopleInside[],
): ReadonlyMap<string, StepMap> {
  const changing = plan.scenarios.filter(({ from, content }) => from !== null && content !== null);
  const maps = new Map<string, Record<string, string | null>>();
  const faults: Fault[] = [];
  for (const text of written) {
    const refuse = (message: string, hint: string): void =>
      void faults.push({ code: 'wrong-map', severity: 'error', message: `--map ${text}: ${message}`, hint });
    const mapping = parseMapping(text);
    if (mapping === null) {
      refuse('is no mapping', 'write old=new, old=stop or scenario:old=new, with the ids of steps');
      continue;
    }
    const { scenario: named, from, to } = mapping;
    if (named === undefined && changing.length !== 1) {
      const ids = changing.map(({ id }) => id);
      refuse(
        ids.length === 0 ? 'no scenario with people inside changes' : `${ids.length} scenarios change`,
        ids.length === 0 ? 'leave it out' : `write which one it is for, such as ${ids[0]}:${from}=${to}`,
      );
      continue;
    }
    const change = changing.find(({ id }) => id === (named ?? changing[0]!.id));
    if (change === undefined) {
      const ids = changing.map(({ id }) => id);
      refuse(`scenario ${named} does not change in this plan`, suggestion(named!, ids));
      continue;
    }
    const { id, content } = change;
    const people = [...new Set(inside.filter((each) => each.id === id).map(({ step }) => step))].sort();
    if (!people.includes(from)) {
      refuse(`nobody is inside step \`${from}\` of ${id}`, suggestion(from, people));
      continue;
    }
    const steps = Object.keys(parseScenario(content!.source, '').parsed?.scenario.steps ?? {});
    const wrong = faultOfTarget(to, steps);
    const map = maps.get(id) ?? {};
    if (wrong !== null) refuse(wrong.message, wrong.hint);
    else if (Object.hasOwn(map, from)) refuse(`step \`${from}\` of ${id} is mapped twice`, 'keep one of the two');
    else maps.set(id, { ...map, [from]: to === STOP ? null : to });
  }
  if (faults.length > 0) throw new UserError('Nothing is published while a mapping is wrong', faults);
  return maps;
}

function parseMapping(written: string): Mapping | null {
  const match = /^(?:([a-z0-9-]+):)?([a-z0-9-]+)=([a-z0-9-]+)$/.exec(written.trim());
  return match === null ? null : { written, scenario: match[1], from: match[2]!, to: match[3]! };
}

/** Refuses a migration that would stop people because nobody has said where they go on. Throws UserError with all their steps. */
export function refuseLost(fates: readonly Fate[]): void {
  const lost = fates.filter(({ becomes }) => becomes === 'lost');
  if (lost.length === 0) return;
  const several = new Set(fates.map(({ id }) => id)).size > 1;
  throw new UserError(
    'Nothing is published while it is open where these people go on',
    lost.map(({ id, step, people }) => ({
      code: 'lost-step',
      severity: 'error',
      message: `${people} ${people === 1 ? 'person is' : 'people are'} in step \`${step}\` of ${id}, and the new version has no such step of that kind`,
      hint: `write --map ${several ? `${id}:` : ''}${step}=<step of the new version>, --map ${several ? `${id}:` : ''}${step}=stop, or --in-flight finish or stop`,
    })),
  );
}

function suggestion(text: string, known: readonly string[]): string {
  const near = nearest(text, known);
  if (near !== undefined) return `did you mean ${near}?`;
  return known.length === 0 ? 'there is none' : `write one of ${known.join(', ')}`;
}
