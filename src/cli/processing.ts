import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { processingCsv, processingRegister } from '../rights/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import { systemClock } from '../shared/clock.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance processing`. */
export function register(program: Command): void {
  program
    .command('processing')
    .description('the register of processing (GDPR Art. 30), from the live scenarios, as JSON')
    .option('--json', 'as JSON, which it is without this too')
    .option('--csv', 'for a spreadsheet')
    .action(async ({ csv }: { csv?: boolean }) => {
      const activities = await withDatabase(loadConfig(process.env), async (database) =>
        processingRegister(await new LibraryService(database, systemClock).current()),
      );
      process.stdout.write(csv === true ? processingCsv(activities) : `${JSON.stringify(activities, null, 2)}\n`);
    });
}
