import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { controllerOf, processingCsv, processingRegister } from '../rights/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import { systemClock } from '../shared/clock.ts';
import { withDatabase } from './with-database.ts';

const NOBODY =
  'The policy does not say who is responsible (GDPR Art. 30(1)(a)): write `controller: { name, address, contact }` in policy.yaml.';

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
      if (controller === null) process.stderr.write(`${NOBODY}\n`);
      process.stdout.write(
        csv === true
          ? processingCsv(activities, controller)
          : `${JSON.stringify({ controller, activities }, null, 2)}\n`,
      );
    });
}
