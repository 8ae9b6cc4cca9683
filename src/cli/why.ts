import { Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import {
  absenceJson,
  absenceText,
  contactAbsence,
  explainMessage,
  explanationText,
  LANGUAGES,
  messageById,
  type Language,
} from '../explain/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { withDatabaseAsItIs } from './with-database.ts';

interface Options {
  lang: Language;
  json?: boolean;
}

/** The language of explanations, as the verbs take it. */
export const languageOption = (): Option =>
  new Option('--lang <language>', 'language of the explanation').choices(LANGUAGES).default(LANGUAGES[0]);

/** Registers `relance why` and `relance why contact`. */
export function register(program: Command): void {
  const why = program
    .command('why')
    .enablePositionalOptions()
    .description('why a message was sent, waits, or was not sent; or why a contact got nothing from a scenario')
    .argument('<message>', 'the id of a message, as `GET /api/messages` lists it')
    .addOption(languageOption())
    .option('--json', 'print everything as JSON')
    .action(async (id: string, { lang, json }: Options) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), (sql) => messageById(sql, id));
      if (found === null)
        throw new UserError(`There is no message ${id}: \`GET /api/messages?userId=…\` lists a contact's`);
      const setting = found.in(lang);
      const message = found.messages[0]!;
      print(json, explainMessage(message, setting), () => explanationText(message, found.userId, setting));
    });
  why
    .command('contact')
    .description('why a contact is not in a scenario, or got nothing from it')
    .argument('<contact>', 'the id a backend sends')
    .requiredOption('--scenario <id>', 'the scenario')
    .addOption(languageOption())
    .option('--json', 'print everything as JSON')
    .action(async (userId: string, { scenario, lang, json }: Options & { scenario: string }) => {
      const now = systemClock.now();
      const found = await withDatabaseAsItIs(loadConfig(process.env), (sql) =>
        contactAbsence(sql, userId, scenario, now),
      );
      if (found === null) throw new UserError(`Nobody has the user id ${userId}`);
      print(json, absenceJson(userId, found, lang), () => absenceText(userId, found, lang));
    });
}

function print(json: boolean | undefined, value: object, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : text());
}
