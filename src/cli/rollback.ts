import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { HistoryStore, readyVersion, type VersionReference } from '../scenarios/index.ts';
import { formatFault } from '../shared/errors.ts';
import { carryOut, withPublicationOptions, type PublicationOptions } from './publication.ts';
import { referenceArgument } from './reference-argument.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance rollback`. */
export function register(program: Command): void {
  const command = program
    .command('rollback')
    .description('publish an old version again, as a new one; the files stay as they are')
    .argument('<version>', 'welcome@3, policy@2 or template:welcome-hello@1', referenceArgument);
  withPublicationOptions(command).action(async (reference: VersionReference, options: PublicationOptions) => {
    await withDatabase(loadConfig(process.env), async (database) => {
      const { files, warnings } = await readyVersion(new HistoryStore(database), reference);
      for (const warning of warnings) process.stderr.write(`${formatFault(warning)}\n`);
      const isPublished = await carryOut(database, files, options, reference.version);
      if (isPublished)
        process.stdout.write(
          'The files still say what they said, and the next `relance apply` or start publishes them again. ' +
            '`relance diff` shows how they differ, `relance pull --force` brings them up to date.\n',
        );
    });
  });
}
