import type { Sql } from '../database/index.ts';
import { parsePolicy } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { reviewSince } from './lint/review-overdue.ts';
import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';
import { liveScenarios, policyHead } from './sql/library-heads.ts';

/**
 * A warning for every live scenario whose review is overdue by its latest publication, whether a plan changes it or
 * not; whatever the plan retires needs no review. A day that a file names is a matter of lint.
 */
export async function overdueReviews(sql: Sql, plan: PublishPlan, now: Instant): Promise<Fault[]> {
  const [policy] = await sql.run(policyHead);
  const zone = policy === undefined ? undefined : parsePolicy(policy.source, 'policy.yaml').value?.timezone;
  const retired = new Set(plan.scenarios.filter(({ kind }) => kind === 'retired').map(({ id }) => id));
  const live = (await sql.run(liveScenarios)).filter(({ id }) => !retired.has(id));
  return live.flatMap(({ source, path, publishedAt }) => {
    const { parsed } = parseScenario(source, path);
    return parsed === undefined ? [] : reviewSince(parsed, { publishedAt, now, zone: zone ?? 'UTC' });
  });
}
