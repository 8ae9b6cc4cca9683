import type { Statement } from '../../database/index.ts';

/** Every scenario's newest version, without its source. */
export const scenarioHeads: Statement<{ id: string; version: number; hash: string; path: string; retired: boolean }> = {
  name: 'library_scenario_heads',
  text: `
    SELECT DISTINCT ON (scenario_id) scenario_id AS id, version, hash, path, retired_at IS NOT NULL AS retired
    FROM scenario_version ORDER BY scenario_id, version DESC`,
};

export const templateHeads: Statement<{ id: string; version: number; hash: string }> = {
  name: 'library_template_heads',
  text: `
    SELECT DISTINCT ON (template_id) template_id AS id, version, hash
    FROM template_version ORDER BY template_id, version DESC`,
};

export const policyHead: Statement<{ version: number; hash: string; source: string }> = {
  name: 'library_policy_head',
  text: 'SELECT version, hash, source FROM policy_version ORDER BY version DESC LIMIT 1',
};

/** Policy versions $1. */
export const policySources: Statement<{ version: number; source: string }> = {
  name: 'library_policy_sources',
  text: 'SELECT version, source FROM policy_version WHERE version = ANY ($1::integer[])',
};

/** Every version of every scenario: whoever is inside an old one goes on in it (rule D8). */
export const scenarioSources: Statement<{
  id: string;
  version: number;
  source: string;
  path: string;
  retired: boolean;
}> = {
  name: 'library_scenario_sources',
  text: `
    SELECT scenario_id AS id, version, source, path, retired_at IS NOT NULL AS retired
    FROM scenario_version ORDER BY scenario_id, version`,
};

/** The newest version of every scenario that lets people in. */
export const liveScenarios: Statement<{ id: string; source: string; path: string; publishedAt: number }> = {
  name: 'library_live_scenarios',
  text: `
    SELECT id, source, path, "publishedAt" FROM (
      SELECT DISTINCT ON (scenario_id) scenario_id AS id, source, path, published_at AS "publishedAt", retired_at
      FROM scenario_version ORDER BY scenario_id, version DESC
    ) AS newest WHERE retired_at IS NULL ORDER BY id`,
};

export const libraryRevision: Statement<{ revision: number }> = {
  name: 'library_revision',
  text: 'SELECT revision FROM library',
};

/** Where the people inside stand now, in the newest scenario versions and in older ones. */
export const peopleInside: Statement<{ id: string; version: number; step: string; people: number }> = {
  name: 'library_people_inside',
  text: `
    SELECT scenario_id AS id, scenario_version AS version, state->>'value' AS step, count(*) AS people
    FROM enrollment WHERE ended_at IS NULL AND scenario_id = ANY($1::text[])
    GROUP BY 1, 2, 3`,
};
