import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { wakeLoops } from '../database/index.ts';
import { isPopulated, isSampleLoaded, loadSampleData, type LoadedSample } from '../sample/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { Sequence } from '../shared/sequence.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance seed`. */
export function register(program: Command): void {
  program
    .command('seed')
    .description('load the sample contacts, their past events and their consents; a second time changes nothing')
    .option('--force', 'also where there are contacts already')
    .action(async (options: { force?: boolean }) => {
      await withDatabase(loadConfig(process.env), async (database) => {
        if (options.force !== true && (await isPopulated(database)) && !(await isSampleLoaded(database))) {
          throw new UserError('There are contacts in this database already. Add --force to put the sample beside them');
        }
        const loaded = await loadSampleData(database, new Sequence(systemClock), systemClock.now());
        // A service that runs takes the sample up at once.
        await database.run(wakeLoops);
        process.stdout.write(`${describeLoaded(loaded)}\n`);
      });
    });
}

/** What was loaded, as a sentence. */
export function describeLoaded({ contacts, events, consents }: LoadedSample): string {
  if (events === 0) return 'The sample is loaded already: nothing was changed.';
  return (
    `Loaded ${contacts} contacts, ${events} past events and ${consents} consents. ` +
    'They are history, so nothing is sent because of them; the engine takes them up as soon as it runs.'
  );
}
