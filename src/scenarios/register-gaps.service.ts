import type { Sql } from '../database/index.ts';
import { parsePolicy } from '../gate/index.ts';
import type { Fault } from '../shared/errors.ts';
import { resolveFlow } from './flow.ts';
import { missingOwner } from './lint/missing-owner.ts';
import { unknownPurpose } from './lint/unknown-purpose.ts';
import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';
import { liveScenarios, policyHead } from './sql/library-heads.ts';

const FILE = 'policy.yaml';

/**
 * What the register of processing would lack once a plan was carried out (law L14): a scenario that goes on as it is may
 * lose its purpose, and with it its legal basis, to a new policy, or be left without an owner by one that names a
 * controller; and one that was linted by a policy that is not published is held to the one that is.
 */
export async function registerGaps(sql: Sql, plan: PublishPlan): Promise<Fault[]> {
  const [head] = await sql.run(policyHead);
  const policy = parsePolicy(plan.policy?.content?.source ?? head?.source ?? '', FILE).value;
  if (policy === undefined) return [];
  const touched = new Set(plan.scenarios.flatMap(({ id, kind }) => (kind === 'unchanged' ? [] : [id])));
  const live = [
    ...(await sql.run(liveScenarios)).filter(({ id }) => !touched.has(id)),
    ...plan.scenarios.flatMap(({ content }) => content ?? []),
  ];
  const scenarios = live.flatMap(({ source, path }) => parseScenario(source, path).parsed ?? []);
  const library = { scenarios, policy, templates: [], now: 0 };
  return scenarios.flatMap((parsed) => {
    const subject = { ...parsed, flow: resolveFlow(parsed.scenario), library };
    return [...missingOwner(subject), ...unknownPurpose(subject)];
  });
}
