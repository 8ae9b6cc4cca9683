import type { Command } from 'commander';
import { loadConfig, type Config } from '../config/index.ts';
import { wakeLoops, type Database } from '../database/index.ts';
import { Breakers, type WatchedDomain } from '../dispatch/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import { formatInstant, systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance breaker`. */
export function register(program: Command): void {
  const breaker = program
    .command('breaker')
    .description(
      'whether marketing leaves, by sending domain and by sender of texts: complaints, bounces and failures stop it by themselves',
    );
  breaker
    .command('list')
    .description('every sending domain and sender of texts with its rates')
    .action(async () => {
      const domains = await withBreakers((breakers) => breakers.list(systemClock.now()));
      process.stdout.write(domains.length === 0 ? 'Nothing has been sent of late.\n' : domains.map(lineOf).join(''));
    });
  breaker
    .command('lift')
    .argument('<domain>', 'such as example.com, or sms:NAME for the texts of a sender')
    .description('lets marketing leave again; counting begins anew with the next hour')
    .action(async (domain: string) => {
      const isLifted = await withBreakers(async (breakers, database) => {
        const done = await breakers.lift(domain, 'cli', systemClock.now());
        // A dispatcher that runs hands over at once what had waited.
        if (done) await database.run(wakeLoops);
        return done;
      });
      if (!isLifted) throw new UserError(`${domain} is not stopped; \`relance breaker list\` shows every domain`);
      process.stdout.write(`Marketing leaves from ${domain} again.\n`);
    });
}

function withBreakers<T>(
  work: (breakers: Breakers, database: Database) => Promise<T>,
  config: Config = loadConfig(process.env),
): Promise<T> {
  return withDatabase(config, (database) => {
    const library = new LibraryService(database, systemClock);
    return work(new Breakers(database, () => library.current()), database);
  });
}

/** `example.com  stopped by complaints since …: 1200 handed over, 0.33 % complaints, …`. */
export function lineOf({ breaker, deliveries }: WatchedDomain): string {
  const { domain, state, cause, since } = breaker;
  const { handed, complained, bounced, failed } = deliveries;
  const share = (count: number): string => `${handed === 0 ? '0.00' : ((100 * count) / handed).toFixed(2)} %`;
  const how = state === 'closed' ? 'open' : `${state} by ${cause} since ${formatInstant(since)}`;
  return (
    `${domain}  ${how}: ${handed} handed over, ` +
    `${share(complained)} complaints, ${share(bounced)} bounces, ${share(failed)} failures\n`
  );
}
