import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { wakeLoops } from '../database/index.ts';
import { providersOf, restrictForRequest } from '../rights/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { Sequence } from '../shared/sequence.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance restrict`. */
export function register(program: Command): void {
  program
    .command('restrict')
    .description('data kept and nothing else done with it')
    .command('contact')
    .description('freeze one contact: nothing is sent, no scenario goes on, what arrives is stored (GDPR Art. 18)')
    .argument('<userId>', 'what your backend calls the contact')
    .option('--lift', 'lift it: what arrived and fell due meanwhile is taken note of, in its order')
    .action(async (userId: string, { lift }: { lift?: boolean }) => {
      const said = lift === true ? 'lifts' : 'restricts';
      const config = loadConfig(process.env);
      const by = { asker: { origin: 'cli', actor: 'cli' }, providers: providersOf(config) } as const;
      const seq = new Sequence(systemClock).next();
      const found = await withDatabase(config, async (database) => {
        const done = await restrictForRequest(database, userId, said, by, seq, systemClock.now());
        // A service that runs takes up at once what the lift lets go on.
        if (done) await database.run(wakeLoops);
        return done;
      });
      if (!found) throw new UserError(`There is no contact ${userId}: look how your backend calls it.`);
      process.stdout.write(
        lift === true
          ? 'Lifted: what arrived and fell due meanwhile is taken note of now.\n'
          : `Restricted: nothing is done with this contact until \`relance restrict contact ${userId} --lift\`.\n`,
      );
    });
}
