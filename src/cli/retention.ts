import type { Command } from 'commander';
import { loadConfig, type Config } from '../config/index.ts';
import { snapshot, type Database } from '../database/index.ts';
import {
  beginRetention,
  cutsOf,
  previewJson,
  previewRetention,
  runRetention,
  type RetentionPreview,
} from '../rights/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import { formatInstant, systemClock } from '../shared/clock.ts';
import { Progress } from './progress.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance retention`. */
export function register(program: Command): void {
  program
    .command('retention')
    .description('what is older than the policy keeps: shows it, and with --apply removes it')
    .option('--apply', 'remove it, in batches; Ctrl-C stops after the batch, and the next run goes on')
    .option('--json', 'as JSON')
    .action(async (options: { apply?: boolean; json?: boolean }) => {
      const config = loadConfig(process.env);
      process.stdout.write(`${options.apply === true ? await apply(config, options) : await show(config, options)}\n`);
    });
}

async function previewOf(database: Database): Promise<RetentionPreview> {
  const cuts = cutsOf(await new LibraryService(database, systemClock).current(), systemClock.now());
  return snapshot(database, (sql) => previewRetention(sql, cuts));
}

async function show(config: Config, { json }: { json?: boolean }): Promise<string> {
  const preview = await withDatabase(config, previewOf);
  return json === true ? JSON.stringify(previewJson(preview), null, 2) : describeRetention(preview);
}

async function apply(config: Config, { json }: { json?: boolean }): Promise<string> {
  return withDatabase(config, async (database) => {
    const progress = new Progress('Removing', total(await previewOf(database)));
    let stopped = false;
    const stop = (): void => void (stopped = true);
    process.once('SIGINT', stop);
    try {
      const library = await new LibraryService(database, systemClock).current();
      const id = await beginRetention(database, 'cli', systemClock.now());
      const { removed, ended } = await runRetention(database, { id, actor: 'cli', library }, systemClock, {
        isStopped: () => stopped,
        told: (sofar) => progress.to(sum(Object.values(sofar))),
      });
      progress.end();
      if (json === true) return JSON.stringify({ run: id, ended, removed }, null, 2);
      const lines = Object.entries(removed).map(([kind, count]) => `${String(count).padStart(9)}  ${kind}`);
      const head = lines.length === 0 ? 'Nothing was older than the policy keeps.' : 'Removed:';
      return [head, ...lines, ...(ended ? [] : ['Stopped; run it again, and it goes on with what is left.'])].join(
        '\n',
      );
    } finally {
      process.removeListener('SIGINT', stop);
      progress.end();
    }
  });
}

/** What a run would remove, as people read it. */
export function describeRetention({ people, rows }: RetentionPreview): string {
  const lines = Object.entries(people).map(([kind, { count, oldest, sample }]) => {
    const who =
      sample.length === 0 ? '' : `, such as ${sample.map((user) => user ?? 'one without a user id').join(', ')}`;
    const since = oldest === null ? '' : `; the longest silent since ${formatInstant(oldest).slice(0, 10)}${who}`;
    return `${String(count).padStart(9)}  ${kind}${since}`;
  });
  for (const [table, { before, goes, oldest, stays, because }] of Object.entries(rows)) {
    const from = oldest === null ? '' : `, from ${oldest} on`;
    const kept = stays === 0 ? '' : `; ${stays} stay: ${because}`;
    lines.push(`${String(goes).padStart(9)}  ${table} rows before ${before}${from}${kept}`);
  }
  return ['Would be removed:', ...lines, 'Nothing was changed; `--apply` removes it.'].join('\n');
}

function total({ people, rows }: RetentionPreview): number {
  return sum(Object.values(people).map(({ count }) => count)) + sum(Object.values(rows).map(({ goes }) => goes));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
