import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { describeError } from './describe-error.ts';

/** One file a verb, imported only when it is called or listed: `relance check` need not load the service. */
const VERBS: Record<string, () => Promise<{ register(program: Command): void }>> = {
  start: () => import('./start.ts'),
  apply: () => import('./apply.ts'),
  diff: () => import('./diff.ts'),
  pull: () => import('./pull.ts'),
  versions: () => import('./versions.ts'),
  rollback: () => import('./rollback.ts'),
  check: () => import('./check.ts'),
  test: () => import('./test.ts'),
  rehearse: () => import('./rehearse.ts'),
  forecast: () => import('./forecast.ts'),
  audience: () => import('./audience.ts'),
  xstate: () => import('./xstate.ts'),
  consent: () => import('./consent.ts'),
  export: () => import('./export.ts'),
  erase: () => import('./erase.ts'),
  restrict: () => import('./restrict.ts'),
  processing: () => import('./processing.ts'),
  retention: () => import('./retention.ts'),
  requests: () => import('./requests.ts'),
  why: () => import('./why.ts'),
  pressure: () => import('./pressure.ts'),
  'frequency-test': () => import('./frequency-test.ts'),
  seed: () => import('./seed.ts'),
  'webhook-secret': () => import('./webhook-secret.ts'),
  account: () => import('./account.ts'),
  key: () => import('./key.ts'),
  breaker: () => import('./breaker.ts'),
  schemas: () => import('./schemas.ts'),
  bench: () => import('./bench.ts'),
};

/** Where the text goes. */
export interface Output {
  out: (text: string) => void;
  error: (text: string) => void;
}

const TERMINAL: Output = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};

/** Exit codes: 0 done, 1 found faults or could not, 2 wrong usage. */
const WRONG_USAGE = 2;

function version(): string {
  const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Commands made by `register` before these settings do not inherit them. */
function settle(command: Command, output: Output): void {
  command
    .exitOverride()
    .showHelpAfterError('(--help shows what is possible)')
    .configureOutput({ writeOut: output.out, writeErr: output.error });
  for (const child of command.commands) settle(child, output);
}

async function build(args: readonly string[], output: Output): Promise<Command> {
  const program = new Command('relance')
    .description('Relational programmes: events in, the right message out.')
    .version(version())
    .helpCommand(true)
    // What stands after a verb is the verb's own: `xstate welcome --version 3`.
    .enablePositionalOptions();
  const called = Object.keys(VERBS).find((verb) => verb === args[0]);
  for (const verb of called === undefined ? Object.keys(VERBS) : [called]) (await VERBS[verb]!()).register(program);
  settle(program, output);
  return program;
}

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit code
 */
export async function run(args: readonly string[], output: Output = TERMINAL): Promise<number> {
  try {
    const program = await build(args, output);
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return WRONG_USAGE;
    }
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    output.error(`${describeError(error)}\n`);
    return 1;
  }
}
