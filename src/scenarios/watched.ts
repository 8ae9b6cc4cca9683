import { parsePolicy } from '../gate/index.ts';
import { canonicalJson } from '../shared/hash.ts';
import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';
import type { Trigger } from './scenario.schema.ts';

/** Whose contacts' dates and idle periods have to be looked at anew after a publication, and whose no more. */
export interface WatchChanges {
  begin: string[];
  stop: string[];
}

/** What was published before a plan is carried out. */
export interface PublishedBefore {
  scenarios: readonly { id: string; version: number; source: string }[];
  policy: string | undefined;
}

/**
 * Compares the triggers of time before and after. New or changed ones begin anew; so do all when the policy's time
 * zone or country changes, as the contacts without their own live by it.
 */
export function watchChanges(plan: PublishPlan, before: PublishedBefore): WatchChanges {
  const sources = new Map(before.scenarios.map(({ id, version, source }) => [`${id} ${version}`, source]));
  const moved = placeOf(plan.policy?.content?.source ?? before.policy) !== placeOf(before.policy);
  const changes: WatchChanges = { begin: [], stop: [] };
  for (const { id, kind, from, content } of plan.scenarios) {
    const old = from === null ? undefined : timeTrigger(sources.get(`${id} ${from}`));
    const now = kind === 'retired' ? undefined : kind === 'unchanged' ? old : timeTrigger(content?.source);
    if (now !== undefined && (kind === 'new' || now !== old || moved)) changes.begin.push(id);
    else if (now === undefined && old !== undefined) changes.stop.push(id);
  }
  return changes;
}

/** A scenario's trigger of time as text; undefined for other triggers. */
function timeTrigger(source: string | undefined): string | undefined {
  const trigger = source === undefined ? undefined : parseScenario(source, '').parsed?.scenario.trigger;
  return trigger !== undefined && ofTime(trigger) ? canonicalJson(trigger) : undefined;
}

function ofTime({ kind }: Trigger): boolean {
  return kind === 'date' || kind === 'inactivity' || kind === 'schedule';
}

function placeOf(source: string | undefined): string | undefined {
  const policy = source === undefined ? undefined : parsePolicy(source, '').value;
  return policy === undefined ? undefined : `${policy.timezone} ${policy.country}`;
}
