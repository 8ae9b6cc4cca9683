import type { Sql } from '../database/index.ts';
import { UserError } from '../shared/errors.ts';
import { nearest } from '../shared/explain.ts';
import { parseScenario } from './parse.ts';
import type { Scenario } from './scenario.schema.ts';
import { VersionStore } from './version.store.ts';

/** One published version of a scenario; the newest when none is named. Throws UserError for one that was never published. */
export async function publishedScenario(
  sql: Sql,
  id: string,
  version?: number,
): Promise<{ scenario: Scenario; version: number }> {
  const sources = await new VersionStore(sql).scenarioSources();
  const versions = sources.filter((source) => source.id === id).sort((a, b) => a.version - b.version);
  const newest = versions.at(-1);
  if (newest === undefined) {
    const near = nearest(id, new Set(sources.map((source) => source.id)));
    throw new UserError(`No scenario ${id} has been published${near === undefined ? '' : `: did you mean ${near}?`}`);
  }
  const found = version === undefined ? newest : versions.find((source) => source.version === version);
  if (found === undefined) {
    const all = versions.map((source) => source.version).join(', ');
    throw new UserError(`Scenario ${id} has no version ${version}: it has ${all}`);
  }
  const { parsed, faults } = parseScenario(found.source, found.path);
  if (parsed === undefined) throw new UserError(`Scenario ${id}, version ${found.version}, cannot be used`, faults);
  return { scenario: parsed.scenario, version: found.version };
}
