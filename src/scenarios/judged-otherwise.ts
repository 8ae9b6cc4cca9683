import { parsePolicy, type Policy } from '../gate/index.ts';
import { canonicalJson } from '../shared/hash.ts';
import type { PublishPlan } from './plan.ts';

/**
 * Whether a plan's policy judges otherwise when a message may leave: what waits was told an instant by the one before, and
 * must not wait for that when the new rules or hours let it go sooner (rule P9).
 */
export function judgesOtherwise({ policy }: PublishPlan, before: string | undefined): boolean {
  const content = policy?.content ?? null;
  if (content === null || before === undefined) return false;
  const [old, next] = [before, content.source].map((source) => parsePolicy(source, '').value);
  return old === undefined || next === undefined || timing(old) !== timing(next);
}

/** Of a policy, all that the instant depends on at which a message may leave. */
function timing(policy: Policy): string {
  const { timezone, country, pressure, frequencyTest, fatigue, exclusive, quietHours, blackouts, audiences } = policy;
  const { brands, categories } = policy;
  return canonicalJson({
    timezone,
    country,
    pressure,
    frequencyTest,
    fatigue,
    exclusive,
    quietHours,
    blackouts,
    audiences,
    brands,
    categories,
  });
}
