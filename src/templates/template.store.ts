import type { Sql, Statement } from '../database/index.ts';
import type { TemplateFolder } from './template.ts';
import { canonicalLocale, localesOf } from './variants.ts';

const FILES: Statement<{ files: Record<string, string> }> = {
  name: 'template-files',
  text: 'SELECT files FROM template_version WHERE template_id = $1 AND version = $2',
};

/** Of the newest version of every template: the names of its files, and what its top is written in. */
const WRITTEN_IN: Statement<{ paths: string[]; meta: string | null }> = {
  name: 'template-written-in',
  text: `
    SELECT (SELECT array_agg(path) FROM jsonb_object_keys(t.files) AS path) AS paths, t.files ->> 'meta.yaml' AS meta
    FROM (SELECT DISTINCT ON (template_id) files FROM template_version ORDER BY template_id, version DESC) t`,
};

/** Published template versions (rule D8): immutable. */
export class TemplateStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** One version's files; null when it was never published. */
  async getForRender(id: string, version: number): Promise<TemplateFolder | null> {
    const [row] = await this.sql.run<{ files: Record<string, string> }>(FILES, [id, version]);
    return row === undefined ? null : { id, files: row.files };
  }

  /** The languages that messages are written in, BCP 47, sorted: the locale folders of all templates, and their tops. */
  async languages(): Promise<string[]> {
    const rows = await this.sql.run(WRITTEN_IN);
    const found = rows.flatMap(({ paths, meta }) => [
      topLanguage(meta),
      ...localesOf(Object.fromEntries(paths.map((path) => [path, '']))),
    ]);
    return [...new Set(found.map((tag) => canonicalLocale(tag) ?? tag))].sort();
  }
}

/** What `meta.yaml` at the top says, else English: what the top is rendered as (compile.ts). */
function topLanguage(meta: string | null): string {
  return /^locale:\s*["']?([A-Za-z0-9-]+)/m.exec(meta ?? '')?.[1] ?? 'en';
}
