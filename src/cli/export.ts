import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { exportForRequest, providersOf } from '../rights/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance export`. */
export function register(program: Command): void {
  program
    .command('export')
    .description('data out')
    .command('contact')
    .description('everything that is kept of one contact, as one JSON document (GDPR Art. 15 and 20)')
    .argument('<userId>', 'what your backend calls the contact')
    .option('--out <file>', 'write it here instead of to the screen')
    .action(async (userId: string, { out }: { out?: string }) => {
      const config = loadConfig(process.env);
      const found = await withDatabase(config, (database) =>
        exportForRequest(database, userId, { origin: 'cli', actor: 'cli' }, providersOf(config), systemClock.now()),
      );
      if (found === null) throw new UserError(`Nothing is kept of a contact called ${userId}`);
      const text = `${JSON.stringify(found, null, 2)}\n`;
      if (out === undefined) return void process.stdout.write(text);
      // For nobody else on this machine: it is one person's data.
      writeFileSync(out, text, { mode: 0o600 });
      process.stdout.write(`${describeExport(found)}\nWritten to ${out}.\n`);
    });
}

/** What an export holds, a part a line. */
function describeExport(found: Record<string, unknown>): string {
  const parts = Object.entries(found).filter((part): part is [string, unknown[]] => Array.isArray(part[1]));
  return parts.map(([name, rows]) => `${String(rows.length).padStart(6)}  ${name}`).join('\n');
}
