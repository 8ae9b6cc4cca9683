import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { controllerOf, processingCsv, processingRegister } from '../rights/index.ts';
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
      const library = await withDatabase(loadConfig(process.env), (database) =>
        new LibraryService(database, systemClock).current(),
      );
      const [controller, activities] = [controllerOf(library), processingRegister(library)];
      process.stdout.write(
        csv === true
          ? processingCsv(activities, controller)
          : `${JSON.stringify({ controller, activities }, null, 2)}\n`,
      );
    });
}
