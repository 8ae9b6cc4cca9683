import { namedWithin, usesMessages } from '../audience/index.ts';
import { parsePolicy, type Policy } from '../gate/index.ts';
import { canonicalJson } from '../shared/hash.ts';
import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';

/** Whose contacts' dates, idle periods and audiences have to be looked at anew after a publication, and whose no more. */
export interface WatchChanges {
  begin: string[];
  stop: string[];
}

/** What was published before a plan is carried out. */
export interface PublishedBefore {
  scenarios: readonly { id: string; version: number; source: string; retired: boolean }[];
  policy: string | undefined;
}

/**
 * Compares the triggers of time and of audiences before and after. New or changed ones begin anew; so do all when the
 * policy's time zone or country changes, as the contacts without their own live by it; those that name an audience when
 * the policy changes that; and those that ask about messages when it has other brands, whose consents they ask for.
 */
export function watchChanges(plan: PublishPlan, before: PublishedBefore): WatchChanges {
  const oldPolicy = policyOf(before.policy);
  const newPolicy = policyOf(plan.policy?.content?.source) ?? oldPolicy;
  const moved = placeOf(newPolicy) !== placeOf(oldPolicy);
  const sources = new Map(before.scenarios.map(({ id, version, source }) => [`${id} ${version}`, source]));
  const changes: WatchChanges = { begin: [], stop: [] };
  for (const { id, kind, from, content } of [...plan.scenarios, ...left(plan, before)]) {
    const source = from === null ? undefined : sources.get(`${id} ${from}`);
    const old = watchedTrigger(source, oldPolicy);
    const next = kind === 'retired' ? undefined : kind === 'unchanged' ? source : content?.source;
    const now = watchedTrigger(next, newPolicy);
    if (now !== undefined && (kind === 'new' || now !== old || moved)) changes.begin.push(id);
    else if (now === undefined && old !== undefined) changes.stop.push(id);
  }
  return changes;
}

/** Scenarios that a plan does not speak of: the policy that it changes is theirs too. */
function left({ scenarios }: PublishPlan, before: PublishedBefore): Pick<Change, 'id' | 'kind' | 'from' | 'content'>[] {
  const spokenOf = new Set(scenarios.map(({ id }) => id));
  const newest = new Map<string, PublishedBefore['scenarios'][number]>();
  for (const each of before.scenarios)
    if (each.version > (newest.get(each.id)?.version ?? 0)) newest.set(each.id, each);
  return [...newest.values()]
    .filter(({ id, retired }) => !retired && !spokenOf.has(id))
    .map(({ id, version }) => ({ id, kind: 'unchanged', from: version, content: null }));
}

type Change = PublishPlan['scenarios'][number];

/** A trigger that has watches, as text, with all that it hangs on of the policy; undefined for others. */
function watchedTrigger(source: string | undefined, policy: Policy | undefined): string | undefined {
  const trigger = source === undefined ? undefined : parseScenario(source, '').parsed?.scenario.trigger;
  if (trigger === undefined || trigger.kind === 'event' || trigger.kind === 'manual') return undefined;
  if (trigger.kind !== 'audience') return canonicalJson(trigger);
  const audiences = new Map(Object.entries(policy?.audiences ?? {}));
  const named = [...namedWithin(trigger.condition, audiences)].map(
    (name) => [name, audiences.get(name) ?? null] as const,
  );
  const asked = [trigger.condition, ...named.flatMap(([, condition]) => condition ?? [])];
  return canonicalJson({ ...trigger, named, ...(asked.some(usesMessages) && { brands: policy?.brands ?? null }) });
}

function policyOf(source: string | undefined): Policy | undefined {
  return source === undefined ? undefined : parsePolicy(source, '').value;
}

function placeOf(policy: Policy | undefined): string | undefined {
  return policy === undefined ? undefined : `${policy.timezone} ${policy.country}`;
}
