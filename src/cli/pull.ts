import { Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { copyAt, HistoryStore, pull, shownPath, type PulledFile, type VersionReference } from '../scenarios/index.ts';
import { NothingPublished } from '../shared/errors.ts';
import { AskedPaths } from './asked-paths.ts';
import { referenceArgument } from './reference-argument.ts';
import { withDatabaseAsItIs } from './with-database.ts';

interface Options {
  dir: string;
  force?: boolean;
  version: VersionReference[];
}

/** Registers `relance pull`. */
export function register(program: Command): void {
  program
    .command('pull')
    .description('write what is published back as files, byte for byte; a file that differs is never overwritten')
    .argument('[paths...]', 'only what belongs at or below these files or folders')
    .option('--dir <folder>', 'the folder that scenarios and templates are in', '.')
    .option('--force', 'also overwrite files that differ')
    .addOption(
      new Option(
        '--version <reference>',
        'this version and nothing else: welcome@3, policy@2, template:welcome-hello@1; may be repeated',
      )
        .argParser((text: string, before: VersionReference[]) => [...before, referenceArgument(text)])
        .default([], 'what is published now'),
    )
    .action(async (paths: string[], { dir, force = false, version: wanted }: Options) => {
      const config = loadConfig(process.env);
      const asked = new AskedPaths(paths);
      const pulled = await withDatabaseAsItIs(config, async (sql) => {
        const history = new HistoryStore(sql);
        const documents =
          wanted.length === 0 ? await history.current() : await Promise.all(wanted.map((each) => history.get(each)));
        if (documents.length === 0) throw new NothingPublished();
        return pull(documents, copyAt(dir, config), { force, isAsked: asked.has });
      });
      asked.refuseUnmet();
      process.stdout.write(describePull(pulled));
      if (pulled.some(({ outcome }) => outcome === 'differs')) process.exitCode = 1;
    });
}

const WORDS: Readonly<Record<PulledFile['outcome'], string>> = {
  written: 'written',
  overwritten: 'overwritten',
  same: 'same',
  differs: 'differs',
  extra: 'extra',
};

/** A line for each file that was not the same, and how many were what. */
export function describePull(pulled: readonly PulledFile[]): string {
  const lines = pulled
    .filter(({ outcome }) => outcome !== 'same')
    .map(({ file, outcome, version }) => `${WORDS[outcome].padEnd(12)} ${shownPath(file)}  (version ${version})`);
  const counts = (Object.keys(WORDS) as PulledFile['outcome'][])
    .map((outcome) => [pulled.filter((each) => each.outcome === outcome).length, WORDS[outcome]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  lines.push(`${counts.join(', ')}.`);
  if (pulled.some(({ outcome }) => outcome === 'differs'))
    lines.push('Files that differ were left as they are: `relance diff` shows how, --force overwrites them.');
  if (pulled.some(({ outcome }) => outcome === 'extra'))
    lines.push('Extra files are in no published version of their template, and were left there.');
  return `${lines.join('\n')}\n`;
}
