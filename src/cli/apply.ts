import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { readyLibrary, readyPaths } from '../scenarios/index.ts';
import { formatFault } from '../shared/errors.ts';
import { carryOut, withPublicationOptions, type PublicationOptions } from './publication.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance apply`. */
export function register(program: Command): void {
  const command = program
    .command('apply')
    .description(
      'publish changed scenarios, policy and templates as new versions, and say what becomes of the people inside',
    )
    .argument('[paths...]', 'only these files or folders; without any, everything in SCENARIOS_DIR and TEMPLATES_DIR');
  withPublicationOptions(command).action(async (paths: string[], options: PublicationOptions) => {
    const config = loadConfig(process.env);
    const { files, warnings } = paths.length > 0 ? await readyPaths(paths, config) : await readyLibrary(config);
    for (const warning of warnings) process.stderr.write(`${formatFault(warning)}\n`);
    await withDatabase(config, (database) => carryOut(database, files, options));
  });
}
