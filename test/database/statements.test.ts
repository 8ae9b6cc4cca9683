import { readdirSync } from 'node:fs';
import type { Statement } from '../../src/database/index.ts';
import { createTestDatabase } from '../support/database.ts';

const src = new URL('../../src/', import.meta.url);

/** Publication, the outbox page and the sample: run on a person's word over the contacts of all lanes; no tick waits for them. */
const ACROSS_LANES = new Set([
  'library_people_inside',
  'publish_stop_watches',
  'publish_count_existing',
  'publish_contact_places',
  'channels-list-captured',
  'sample-has-anybody',
]);

/** The hand-written statements of all domains: what the files of their `sql` folders export. */
async function allStatements(): Promise<(Statement & { file: string })[]> {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\/sql\/[^/]+\.ts$/.test(file));
  const found: (Statement & { file: string })[] = [];
  // One after another: Jest's module cache is not made for imports at the same time.
  for (const file of files) {
    const exported = (await import(new URL(file, src).href)) as Record<string, unknown>;
    for (const value of Object.values(exported)) {
      if (typeof (value as Statement)?.text === 'string') found.push({ ...(value as Statement), file });
    }
  }
  return found;
}

describe('hand-written statements', () => {
  let statements: (Statement & { file: string })[];
  let laned: string[];

  beforeAll(async () => {
    statements = await allStatements();
    const db = await createTestDatabase({ poolSize: 2 });
    const rows = await db.dataSource.query<{ name: string }[]>(`
      SELECT t.relname AS name FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'lane'
      WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition`);
    laned = rows.map(({ name }) => name);
    await db.close();
  });

  const faulty = (isWrong: (statement: Statement) => boolean): string[] =>
    statements.filter(isWrong).map(({ file, name }) => `${file}: ${name}`);

  test('are found', () => {
    expect(statements.length).toBeGreaterThan(2);
  });

  test('have names of their own that PostgreSQL keeps whole', () => {
    const texts = new Map(statements.map(({ name, text }) => [name, text]));
    expect(faulty(({ name, text }) => name.length > 63 || texts.get(name) !== text)).toEqual([]);
  });

  test('name the lane of the contacts that they touch', () => {
    expect(
      faulty(({ name, text }) => {
        if (ACROSS_LANES.has(name)) return false;
        const touches = new RegExp(`\\b(FROM|JOIN|INTO|UPDATE)\\s+(${laned.join('|')})\\b`, 'i').test(text);
        return touches && !/\blane\b/.test(text.replaceAll(/\b(FROM|JOIN|INTO|UPDATE)\s+lane\b/gi, ''));
      }),
    ).toEqual([]);
  });

  test('take the time as a value and never ask the server for it', () => {
    expect(
      faulty(({ text }) =>
        /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(|\bcurrent_(timestamp|date)\b/i.test(
          text,
        ),
      ),
    ).toEqual([]);
  });
});
