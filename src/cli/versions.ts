import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { formatName, HistoryStore, parseName, type VersionRecord } from '../scenarios/index.ts';
import { formatInstant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Registers `relance versions`. */
export function register(program: Command): void {
  program
    .command('versions')
    .description('list published versions: when, from which path, live or retired, and how many people are inside')
    .argument('[name]', 'a scenario, policy or template:welcome-hello; without it, all scenarios')
    .option('--json', 'print them as JSON')
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const records = await withDatabaseAsItIs(loadConfig(process.env), async (sql) => {
        const history = new HistoryStore(sql);
        if (name === undefined) return history.allVersions('scenario');
        const found = await history.versionsOf(parseName(name));
        if (found.length === 0) throw new UserError(await history.whyMissing(parseName(name)));
        return found;
      });
      process.stdout.write(json ? `${JSON.stringify(records.map(toJson), null, 2)}\n` : describeVersions(records));
    });
}

/** A table, a line a version. */
export function describeVersions(records: readonly VersionRecord[]): string {
  if (records.length === 0) return 'No scenario has been published yet.\n';
  const rows = records.map((record) => [
    `${formatName(record)}@${record.version}`,
    record.state,
    formatInstant(record.publishedAt).slice(0, 16).replace('T', ' '),
    record.people === null ? '' : String(record.people),
    record.path ?? '',
  ]);
  const head = ['VERSION', 'STATE', 'PUBLISHED (UTC)', 'INSIDE', 'FROM'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  return [head, ...rows]
    .map((row) => row.map((cell, column) => (column === 3 ? cell.padStart(widths[3]!) : cell.padEnd(widths[column]!))))
    .map((row) => `${row.join('  ').trimEnd()}\n`)
    .join('');
}

function toJson({ publishedAt, ...record }: VersionRecord): object {
  return { ...record, publishedAt: formatInstant(publishedAt) };
}
