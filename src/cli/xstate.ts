import { InvalidArgumentError, type Command } from 'commander';
import { libraryPlaces, loadConfig } from '../config/index.ts';
import { findScenario, machineJson, readPublished } from '../scenarios/index.ts';
import { withDatabaseAsItIs } from './with-database.ts';

interface Options {
  published?: boolean;
  version?: number;
}

/** Registers `relance xstate`. */
export function register(program: Command): void {
  program
    .command('xstate')
    .description('print the compiled machine as XState JSON, for createMachine and the Stately editor')
    .argument('<scenario>', 'an id in SCENARIOS_DIR, or the path of a file')
    .option('--published', 'the newest published version, from the database')
    .option('--version <number>', 'this published version', wholeNumber)
    .action(async (reference: string, options: Options) => {
      process.stdout.write(`${JSON.stringify(await machineOf(reference, options), null, 2)}\n`);
    });
}

async function machineOf(reference: string, { published, version }: Options): Promise<object> {
  if (published === undefined && version === undefined) {
    const { scenariosDir: folder } = libraryPlaces(process.env);
    return machineJson((await findScenario(reference, folder)).scenario, null);
  }
  return withDatabaseAsItIs(loadConfig(process.env), async (sql) => {
    const found = (await readPublished(sql)).scenario(reference, version);
    return machineJson(found.definition, found.version);
  });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('write a whole number, such as 3');
  return Number(text);
}
