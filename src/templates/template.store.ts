import type { Sql, Statement } from '../database/index.ts';
import type { TemplateFolder } from './template.ts';

const FILES: Statement<{ files: Record<string, string> }> = {
  name: 'template-files',
  text: 'SELECT files FROM template_version WHERE template_id = $1 AND version = $2',
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
}
