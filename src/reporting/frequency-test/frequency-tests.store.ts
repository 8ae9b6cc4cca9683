import type { Sql } from '../../database/index.ts';
import { HistoryStore, readPolicies } from '../../scenarios/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';
import { nearest } from '../../shared/nearest.ts';
import { UserError } from '../../shared/errors.ts';
import { LANES } from '../../shared/ids.ts';
import { testPeople, testRules } from '../sql/frequency-test.ts';
import { figuresOf, type Figure } from './figures.ts';
import { testRuns, type TestRun } from './test-run.ts';

/** What came of a frequency test until now, or until its end. */
export interface TestResults extends TestRun {
  /** Until when everything was counted. */
  countedUntil: Instant;
  /** Who had a message planned meanwhile that pressure can hold back; `moved` changed sides with the share, and is left out. */
  contacts: { base: number; variant: number; moved: number };
  figures: Figure[];
}

/** Every frequency test that a published policy names or named, the latest first. Two statements. */
export async function frequencyTests(sql: Sql, now: Instant): Promise<TestRun[]> {
  const history = await new HistoryStore(sql).allVersions('policy');
  const policies = await readPolicies(
    sql,
    history.map(({ version }) => version),
  );
  const published = history.flatMap(({ version, publishedAt }) => {
    const policy = policies.get(version);
    return policy === undefined ? [] : [{ version, publishedAt, policy }];
  });
  return testRuns(
    published.sort((a, b) => a.version - b.version),
    now,
  );
}

/**
 * The results of one test; two statements more, whatever the size of the base. They stay when the policy no longer names the
 * test, for as long as messages are kept. Throws UserError when no policy ever named it.
 */
export async function frequencyTestResults(sql: Sql, id: string, now: Instant): Promise<TestResults> {
  const runs = await frequencyTests(sql, now);
  const run = runs.find((each) => each.id === id);
  if (run === undefined)
    throw new UserError(
      missing(
        id,
        runs.map((each) => each.id),
      ),
    );
  const { from, shares } = run;
  const countedUntil = Math.max(from, Math.min(run.until, now));
  const values = [LANES, id, from, countedUntil, shares.least, shares.greatest, monthOf(from), monthOf(countedUntil)];
  const people = await sql.run(testPeople, values);
  const rules = await sql.run(testRules, values);
  const contacts = (side: 'base' | 'variant' | null): number => people.find((row) => row.side === side)?.contacts ?? 0;
  return {
    ...run,
    countedUntil,
    contacts: { base: contacts('base'), variant: contacts('variant'), moved: contacts(null) },
    figures: figuresOf(people, rules),
  };
}

function missing(id: string, known: readonly string[]): string {
  if (known.length === 0)
    return 'No policy has ever named a frequency test: write one under frequencyTest in policy.yaml';
  const near = nearest(id, known);
  return `No policy has ever named a frequency test ${id}: ${near === undefined ? `there is ${known.join(', ')}` : `did you mean ${near}?`}`;
}
