import { plainArray, type Sql } from '../database/index.ts';
import { parsePolicy, policyVersion, type Policy, type PolicyVersion } from '../gate/index.ts';
import { NothingPublished, UserError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import { parseScenario } from './parse.ts';
import type { Scenario } from './scenario.schema.ts';
import { policySources } from './sql/library-heads.ts';
import { VersionStore } from './version.store.ts';

/** What is published, as definitions: for verbs that look at it without running it. */
export interface Published {
  policy: PolicyVersion;
  /** The newest of a template; undefined when it was never published. */
  templateVersion(id: string): number | undefined;
  /** Every published version of a scenario, oldest first; empty when there is none. */
  versionsOf(id: string): number[];
  /** One version of a scenario, the newest when none is named. Throws UserError for one that was never published. */
  scenario(id: string, version?: number): { definition: Scenario; version: number };
}

/** Reads what is published. Throws UserError when nothing is, or the policy cannot be used. */
export async function readPublished(sql: Sql): Promise<Published> {
  const library = await new VersionStore(sql).allForLibrary();
  if (library === null) throw new NothingPublished();
  const { value, faults } = parsePolicy(library.policy.source, 'policy.yaml');
  if (value === undefined) throw new UserError('The published policy cannot be used', faults);
  const templates = new Map(library.templates.map(({ id, version }) => [id, version]));
  const sources = library.scenarios.toSorted((a, b) => a.version - b.version);
  const versionsOf = (id: string): number[] => sources.filter((row) => row.id === id).map(({ version }) => version);
  return {
    policy: policyVersion(library.policy.version, value),
    templateVersion: (id) => templates.get(id),
    versionsOf,
    scenario(id, version = versionsOf(id).at(-1)) {
      const row = sources.find((each) => each.id === id && each.version === version);
      if (row === undefined)
        throw new UserError(missing(id, version, versionsOf(id), new Set(sources.map((each) => each.id))));
      const { parsed, faults: wrong } = parseScenario(row.source, row.path);
      if (parsed === undefined) throw new UserError(`Scenario ${id}, version ${row.version}, cannot be used`, wrong);
      return { definition: parsed.scenario, version: row.version };
    },
  };
}

/** Policies by their versions; one that this version of Relance cannot read any more is absent. */
export async function readPolicies(sql: Sql, versions: readonly number[]): Promise<Map<number, Policy>> {
  const rows = await sql.run(policySources, [plainArray([...new Set(versions)])]);
  return new Map(
    rows.flatMap(({ version, source }) => {
      const { value } = parsePolicy(source, 'policy.yaml');
      return value === undefined ? [] : [[version, value] as const];
    }),
  );
}

function missing(
  id: string,
  version: number | undefined,
  versions: readonly number[],
  ids: ReadonlySet<string>,
): string {
  if (versions.length > 0) return `Scenario ${id} has no version ${version}: it has ${versions.join(', ')}`;
  const near = nearest(id, ids);
  return `No scenario ${id} has been published${near === undefined ? '' : `: did you mean ${near}?`}`;
}
