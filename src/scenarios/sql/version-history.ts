import type { Statement } from '../../database/index.ts';

export interface VersionRow {
  id: string;
  version: number;
  /** Null but for scenarios. */
  path: string | null;
  publishedAt: number;
  retiredAt: number | null;
}

/** Versions of scenario $1, or of all when it is null; the newest first. */
export const scenarioHistory: Statement<VersionRow> = {
  name: 'library_scenario_history',
  text: `
    SELECT scenario_id AS id, version, path, published_at AS "publishedAt", retired_at AS "retiredAt"
    FROM scenario_version WHERE $1::text IS NULL OR scenario_id = $1 ORDER BY scenario_id, version DESC`,
};

export const policyHistory: Statement<VersionRow> = {
  name: 'library_policy_history',
  text: `
    SELECT 'policy' AS id, version, NULL AS path, published_at AS "publishedAt", NULL AS "retiredAt"
    FROM policy_version ORDER BY version DESC`,
};

/** As `scenarioHistory`, for templates. */
export const templateHistory: Statement<VersionRow> = {
  name: 'library_template_history',
  text: `
    SELECT template_id AS id, version, NULL AS path, published_at AS "publishedAt", NULL AS "retiredAt"
    FROM template_version WHERE $1::text IS NULL OR template_id = $1 ORDER BY template_id, version DESC`,
};

export const scenarioVersion: Statement<{ source: string; path: string }> = {
  name: 'library_scenario_version',
  text: 'SELECT source, path FROM scenario_version WHERE scenario_id = $1 AND version = $2',
};

export const policyVersionSource: Statement<{ source: string }> = {
  name: 'library_policy_version',
  text: 'SELECT source FROM policy_version WHERE version = $1',
};

export const templateVersionFiles: Statement<{ files: Record<string, string> }> = {
  name: 'library_template_version',
  text: 'SELECT files FROM template_version WHERE template_id = $1 AND version = $2',
};
