import type { Sql } from '../database/index.ts';
import { parsePolicy } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { changesOfTest } from './changed-test.ts';
import type { PublishPlan } from './plan.ts';
import { policyHead } from './sql/library-heads.ts';

const FILE = 'policy.yaml';

/** A warning for all that a plan changes of the frequency test that runs: its results could not be compared any more. */
export async function changedTest(sql: Sql, { policy }: PublishPlan, now: Instant): Promise<Fault[]> {
  if (policy === null || policy.content === null) return [];
  const [head] = await sql.run(policyHead);
  const before = head === undefined ? undefined : parsePolicy(head.source, FILE).value;
  const after = parsePolicy(policy.content.source, FILE);
  if (before === undefined || after.value === undefined) return [];
  return changesOfTest(before, after.value, now).map(({ path, fault }) => ({
    severity: 'warning',
    ...fault,
    path: path.join('.'),
    file: FILE,
    ...after.at(path),
  }));
}
