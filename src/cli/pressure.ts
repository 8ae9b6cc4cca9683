import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { contactOutlook, outlookJson, outlookText, type Language } from '../explain/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { languageOption } from './why.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Registers `relance pressure`. */
export function register(program: Command): void {
  program
    .command('pressure')
    .description('how much may be sent to a contact, and when: the room each rule leaves, by day')
    .argument('<contact>', 'the id a backend sends')
    .addOption(languageOption())
    .option('--json', 'print everything as JSON')
    .action(async (userId: string, { lang, json }: { lang: Language; json?: boolean }) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), (sql) =>
        contactOutlook(sql, userId, {}, systemClock.now()),
      );
      if (found === null) throw new UserError(`Nobody has the user id ${userId}`);
      const { outlook, policy } = found;
      process.stdout.write(
        json === true
          ? `${JSON.stringify(outlookJson(userId, outlook, policy, lang), null, 2)}\n`
          : outlookText(userId, outlook, policy, lang),
      );
    });
}
