import { Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { explainMessage, explanationText, LANGUAGES, messageById, type Language } from '../explain/index.ts';
import { UserError } from '../shared/errors.ts';
import { withDatabaseAsItIs } from './with-database.ts';

interface Options {
  lang: Language;
  json?: boolean;
}

/** The language of explanations, as the verbs take it. */
export const languageOption = (): Option =>
  new Option('--lang <language>', 'language of the explanation').choices(LANGUAGES).default(LANGUAGES[0]);

/** Registers `relance why`. */
export function register(program: Command): void {
  program
    .command('why')
    .description('why a message was sent, waits, or was not sent')
    .argument('<message>', 'the id of a message, as `GET /api/messages` lists it')
    .addOption(languageOption())
    .option('--json', 'print everything as JSON')
    .action(async (id: string, { lang, json }: Options) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), (sql) => messageById(sql, id));
      if (found === null)
        throw new UserError(`There is no message ${id}: \`GET /api/messages?userId=…\` lists a contact's`);
      const setting = found.in(lang);
      const message = found.messages[0]!;
      process.stdout.write(
        json === true
          ? `${JSON.stringify(explainMessage(message, setting), null, 2)}\n`
          : explanationText(message, found.userId, setting),
      );
    });
}
