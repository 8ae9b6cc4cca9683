import path from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import {
  compareVersions,
  compareWithCopy,
  HistoryStore,
  isReference,
  shownPath,
  type Difference,
} from '../scenarios/index.ts';
import { AskedPaths } from './asked-paths.ts';
import { coloured, patchOf } from './unified-diff.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Registers `relance diff`. */
export function register(program: Command): void {
  program
    .command('diff')
    .description('show how files differ from what is published, or one published version from another')
    .argument('[paths...]', 'only these files or folders; or two versions, such as welcome@2 welcome@5')
    .option('--json', 'print the differences as JSON')
    .action(async (given: string[], { json = false }: { json?: boolean }, command: Command) => {
      const references = given.filter(isReference);
      if (references.length > 0 && (references.length !== 2 || given.length !== 2))
        command.error('error: versions are compared two at a time, without paths: welcome@2 welcome@5', {
          exitCode: 2,
        });
      const found = await differences(given, references);
      process.stdout.write(json ? `${JSON.stringify(toJson(found), null, 2)}\n` : toText(found));
      if (found.length > 0) process.exitCode = 1;
    });
}

async function differences(given: readonly string[], references: readonly string[]): Promise<Difference[]> {
  const config = loadConfig(process.env);
  return withDatabaseAsItIs(config, async (sql) => {
    const history = new HistoryStore(sql);
    if (references.length === 2) return compareVersions(history, references[0]!, references[1]!);
    const asked = new AskedPaths(given);
    const copy = {
      root: path.resolve(),
      scenariosDir: path.resolve(config.scenariosDir),
      templatesDir: path.resolve(config.templatesDir),
    };
    const found = await compareWithCopy(await history.current(), copy, asked.has, shownPath);
    asked.refuseUnmet();
    return found;
  });
}

function toText(found: readonly Difference[]): string {
  const isTerminal = process.stdout.isTTY && !process.env['NO_COLOR'];
  return found.map((difference) => (isTerminal ? coloured(patchOf(difference)) : patchOf(difference))).join('');
}

function toJson(found: readonly Difference[]): object {
  const listed = found.map((difference) => ({
    name: difference.name,
    file: (difference.after ?? difference.before)!.file,
    before: difference.before?.label ?? null,
    after: difference.after?.label ?? null,
    patch: patchOf(difference),
  }));
  return { differs: found.length > 0, differences: listed };
}
