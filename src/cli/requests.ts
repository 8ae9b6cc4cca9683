import { Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { requestJson, requestsOf } from '../rights/index.ts';
import { formatInstant } from '../shared/clock.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Registers `relance requests`. */
export function register(program: Command): void {
  program
    .command('requests')
    .description('requests of people about their data, the one that is due first before the others')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'done']))
    .option('--json', 'as JSON')
    .action(async ({ state, json }: { state?: 'open' | 'done'; json?: boolean }) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), (sql) => requestsOf(sql, state ?? null));
      if (json === true) return void process.stdout.write(`${JSON.stringify(found.map(requestJson), null, 2)}\n`);
      if (found.length === 0) return void process.stdout.write('There are no such requests.\n');
      for (const { id, kind, dueAt, doneAt } of found) {
        const when = doneAt === null ? `due ${formatInstant(dueAt)}` : `done ${formatInstant(doneAt)}`;
        process.stdout.write(`${id}  ${kind.padEnd(14)}${when}\n`);
      }
    });
}
