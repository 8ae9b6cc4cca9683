import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import type { Language } from '../explain/index.ts';
import {
  frequencyTestResults,
  frequencyTests,
  resultsJson,
  resultsText,
  runJson,
  runsText,
} from '../reporting/index.ts';
import { systemClock } from '../shared/clock.ts';
import { languageOption } from './why.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Registers `relance frequency-test`. */
export function register(program: Command): void {
  program
    .command('frequency-test')
    .description('what came of a frequency test, both sides beside each other; without an id, which tests there were')
    .argument('[id]', 'the id of a test, as the policy names or named it')
    .addOption(languageOption())
    .option('--json', 'print everything as JSON')
    .action(async (id: string | undefined, { lang, json }: { lang: Language; json?: boolean }) => {
      const now = systemClock.now();
      const [value, text] = await withDatabaseAsItIs(loadConfig(process.env), async (sql) => {
        if (id === undefined) {
          const runs = await frequencyTests(sql, now);
          return [{ frequencyTests: runs.map(runJson) }, runsText(runs, lang)] as const;
        }
        const results = await frequencyTestResults(sql, id, now);
        return [resultsJson(results), resultsText(results, lang)] as const;
      });
      process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : text);
    });
}
