import { Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import {
  IN_FLIGHT,
  isEmpty,
  PublishService,
  readyLibrary,
  readyPaths,
  type Change,
  type Fate,
  type InFlight,
  type PublishPlan,
} from '../scenarios/index.ts';
import { systemClock } from '../shared/clock.ts';
import { formatFault } from '../shared/errors.ts';
import { withDatabase } from './with-database.ts';

/** Registers `relance apply`. */
export function register(program: Command): void {
  program
    .command('apply')
    .description(
      'publish changed scenarios, policy and templates as new versions, and say what becomes of the people inside',
    )
    .argument('[paths...]', 'only these files or folders; without any, everything in SCENARIOS_DIR and TEMPLATES_DIR')
    .option('--dry-run', 'print the plan and publish nothing')
    .addOption(
      new Option(
        '--in-flight <what>',
        'people inside finish in the version they are in, migrate to the same step of the new one, or are stopped',
      )
        .choices(IN_FLIGHT)
        .default('finish'),
    )
    .action(async (paths: string[], { dryRun, inFlight }: { dryRun?: boolean; inFlight: InFlight }) => {
      const config = loadConfig(process.env);
      const { files, warnings } = paths.length > 0 ? await readyPaths(paths, config) : await readyLibrary(config);
      for (const warning of warnings) process.stderr.write(`${formatFault(warning)}\n`);
      await withDatabase(config, async (database) => {
        const publisher = new PublishService(database);
        const plan = await publisher.plan(files);
        process.stdout.write(describePlan(plan, await publisher.peopleInside(plan, inFlight)));
        if (dryRun === true || isEmpty(plan)) return;
        await publisher.publish(plan, systemClock.now(), inFlight);
        process.stdout.write('Published.\n');
      });
    });
}

/** A plan as text: what is new, changed and retired, what becomes of the people inside, and how much stays as it is. */
export function describePlan(plan: PublishPlan, inside: readonly Fate[]): string {
  const changes: [string, Change<unknown>][] = [
    ...plan.scenarios.map((change): [string, Change<unknown>] => [`scenario ${change.id}`, change]),
    ...(plan.policy === null ? [] : [['policy', plan.policy] as [string, Change<unknown>]]),
    ...plan.templates.map((change): [string, Change<unknown>] => [`template ${change.id}`, change]),
  ];
  const lines: string[] = [];
  for (const [name, change] of changes) {
    if (change.kind === 'unchanged') continue;
    lines.push(`${change.kind.padEnd(8)} ${name.padEnd(40)} ${versions(change)}`);
    if (name !== `scenario ${change.id}`) continue;
    for (const fate of inside.filter(({ id }) => id === change.id)) {
      lines.push(`${' '.repeat(11)}${fate.people} in ${fate.step}, who ${describeFate(fate, change.version)}`);
    }
  }
  const unchanged = changes.filter(([, { kind }]) => kind === 'unchanged').length;
  if (lines.length === 0) return `Nothing to publish: ${unchanged} unchanged.\n`;
  return `${lines.join('\n')}\n${unchanged} unchanged.\n`;
}

function describeFate({ people, becomes }: Fate, version: number): string {
  const one = people === 1;
  switch (becomes) {
    case 'finish':
      return `${one ? 'finishes' : 'finish'} in the version of the entry`;
    case 'migrate':
      return `${one ? 'goes' : 'go'} on there in version ${version}`;
    case 'stop':
      return `${one ? 'is' : 'are'} stopped`;
    case 'lost':
      return `${one ? 'is' : 'are'} stopped: version ${version} has no such step`;
  }
}

function versions({ kind, from, version }: Change<unknown>): string {
  if (kind === 'retired') return `version ${version}; lets nobody in any more`;
  return from === null ? `version ${version}` : `version ${from} → ${version}`;
}
