import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { libraryPlaces } from '../config/index.ts';
import { junit, runTests, type TestResult } from '../rehearsal/index.ts';

/** Registers `relance test`. */
export function register(program: Command): void {
  program
    .command('test')
    .description('run scenario test files on a virtual clock: no database, no network')
    .argument('[paths...]', 'test files, scenarios or folders; without any, SCENARIOS_DIR')
    .option('--json', 'print the results as JSON')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--policy <file>', 'use another policy for every test')
    .action(async (paths: string[], options: { json?: boolean; junit?: string; policy?: string }) => {
      const { scenariosDir: scenarios, templatesDir: templates } = libraryPlaces(process.env);
      const results = await runTests(paths.length > 0 ? paths : [scenarios], {
        templatesDir: templates,
        policyFile: options.policy,
        onResult: options.json === true ? undefined : (result) => process.stdout.write(toText(result)),
      });
      const failed = results.filter(({ passed }) => !passed).length;
      if (options.json === true)
        process.stdout.write(`${JSON.stringify({ passed: results.length - failed, failed, results }, null, 2)}\n`);
      else
        process.stdout.write(
          results.length === 0
            ? 'No scenario test files were found.\n'
            : `${results.length - failed} passed, ${failed} failed\n`,
        );
      if (options.junit !== undefined) await writeFile(options.junit, junit(results));
      // A run that tested nothing has shown nothing.
      if (failed > 0 || results.length === 0) process.exitCode = 1;
    });
}

function toText({ file, line, scenario, name, passed, details }: TestResult): string {
  const head = `${passed ? 'ok  ' : 'FAIL'} ${scenario === '' ? file : scenario}: ${name}`;
  if (passed) return `${head}\n`;
  return `${head}  (${file}:${line})\n${details.map((detail) => `       ${detail}\n`).join('')}`;
}
