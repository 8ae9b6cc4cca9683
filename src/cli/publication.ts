import { Option, type Command } from 'commander';
import type { Database } from '../database/index.ts';
import { simulatePublication, type Simulation } from '../engine/index.ts';
import {
  changedTest,
  existingCrowds,
  fates,
  IN_FLIGHT,
  isEmpty,
  overdueReviews,
  PublishService,
  readStepMaps,
  refuseLost,
  type Change,
  type Fate,
  type InFlight,
  type InFlightChoice,
  type Publishable,
  type PublishPlan,
} from '../scenarios/index.ts';
import { systemClock } from '../shared/clock.ts';
import { formatFault } from '../shared/errors.ts';
import { crowdWarning, describeCrowd, isTooMany } from './existing-text.ts';
import { Progress } from './progress.ts';
import { describeSimulation } from './simulation-text.ts';

/** How `apply` and `rollback` are told what becomes of people in flight. */
export interface PublicationOptions {
  dryRun?: boolean;
  inFlight: InFlight;
  map: string[];
}

/** Gives a verb that publishes the options that all of them have. */
export function withPublicationOptions(command: Command): Command {
  return command
    .option('--dry-run', 'print the plan and publish nothing')
    .addOption(
      new Option(
        '--in-flight <what>',
        'people inside finish in the version they are in, migrate to the same step of the new one, or are stopped',
      )
        .choices(IN_FLIGHT)
        .default('finish'),
    )
    .addOption(
      new Option(
        '--map <old=new>',
        'with migrate: where those go on whose step is gone, old=new or old=stop, or scenario:old=new; may be repeated',
      )
        .argParser((text: string, before: string[]) => [...before, text])
        .default([], 'none'),
    )
    .hook('preAction', (_program, called) => {
      const { map, inFlight } = called.opts<PublicationOptions>();
      if (map.length > 0 && inFlight !== 'migrate')
        called.error('error: --map says where people migrate to: add --in-flight migrate', { exitCode: 2 });
    });
}

/**
 * Prints the plan with what becomes of the people inside, and carries it out. `restored` is the old version that the
 * files are the content of, if they are. Returns whether anything was published. Throws UserError when it must not be.
 */
export async function carryOut(
  database: Database,
  files: Publishable,
  options: PublicationOptions,
  restored?: number,
): Promise<boolean> {
  const { dryRun, inFlight, map } = options;
  const publisher = new PublishService(database);
  const plan = await publisher.plan(files);
  const now = systemClock.now();
  for (const fault of [...(await overdueReviews(database, plan, now)), ...(await changedTest(database, plan, now))])
    process.stderr.write(`${formatFault(fault)}\n`);
  const crowds = await existingCrowds(database, plan, now);
  const standing = await publisher.standing(plan);
  const choice: InFlightChoice = { inFlight, maps: readStepMaps(map, plan, standing.inside) };
  const becomes = fates(plan, choice, standing);
  if (restored !== undefined && isEmpty(plan)) process.stdout.write('That is what is published already.\n');
  else process.stdout.write(describePlan(plan, becomes));
  process.stdout.write(crowds.map(describeCrowd).join(''));
  for (const crowd of crowds) if (isTooMany(crowd)) process.stderr.write(`${formatFault(crowdWarning(crowd))}\n`);
  refuseLost(becomes);
  if (isEmpty(plan)) return false;
  if (inFlight !== 'finish' && becomes.length > 0)
    process.stdout.write(describeSimulation(await simulate(database, plan, choice, becomes)));
  if (dryRun === true) return false;
  await publisher.publish(plan, systemClock.now(), choice, { actor: 'cli', restored });
  process.stdout.write('Published.\n');
  return true;
}

async function simulate(
  database: Database,
  plan: PublishPlan,
  choice: InFlightChoice,
  becomes: readonly Fate[],
): Promise<Simulation> {
  const touched = becomes.filter((fate) => fate.becomes !== 'finish').reduce((sum, { people }) => sum + people, 0);
  const progress = new Progress('Simulating, people', touched);
  try {
    return await simulatePublication(database, plan, choice, systemClock.now(), (people) => progress.to(people));
  } finally {
    progress.end();
  }
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

function describeFate({ people, becomes, to }: Fate, version: number): string {
  const one = people === 1;
  switch (becomes) {
    case 'finish':
      return `${one ? 'finishes' : 'finish'} in the version of the entry`;
    case 'migrate':
      return `${one ? 'goes' : 'go'} on ${to === undefined ? 'there' : `in ${to}`} in version ${version}`;
    case 'enter':
      return `${one ? 'enters' : 'enter'} ${to} anew in version ${version}`;
    case 'stop':
      return `${one ? 'is' : 'are'} stopped`;
    case 'lost':
      return `${one ? 'has' : 'have'} nowhere to go on: version ${version} has no such step`;
  }
}

function versions({ kind, from, version }: Change<unknown>): string {
  if (kind === 'retired') return `version ${version}; lets nobody in any more`;
  return from === null ? `version ${version}` : `version ${from} → ${version}`;
}
