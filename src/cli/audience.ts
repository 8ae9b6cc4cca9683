import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { conditionSchema, type Condition } from '../audience/index.ts';
import { conditionFaults, takeCensus, type Census } from '../census/index.ts';
import { loadConfig } from '../config/index.ts';
import type { PolicyVersion } from '../gate/index.ts';
import { readPublished } from '../scenarios/index.ts';
import { systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { parseYaml } from '../shared/yaml.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Who waits at a terminal may wait ten minutes. */
const LIMITS = { clock: systemClock, longest: 600_000, most: 10 };

/** Registers `relance audience`. */
export function register(program: Command): void {
  program
    .command('audience')
    .description('count the contacts who are in an audience now, and name some of them')
    .argument('<audience>', 'a name in the published policy, or a .yaml file with a condition')
    .option('--json', 'print the figures as JSON')
    .action(async (audience: string, options: { json?: boolean }) => {
      const asked = await readAsked(audience);
      const census = await withDatabaseAsItIs(loadConfig(process.env), async (sql) => {
        const { policy } = await readPublished(sql);
        refuse(asked, policy);
        return takeCensus(sql, asked.condition, policy, systemClock.now(), LIMITS);
      });
      const share = census.of === 0 ? 0 : census.count / census.of;
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ audience, ...census, share }, null, 2)}\n`
          : toText(audience, census, share),
      );
    });
}

interface Asked {
  condition: Condition;
  /** Where a part of it stands; nowhere when it was named. */
  at: (path: readonly (string | number)[]) => { file?: string; line?: number; column?: number };
}

async function readAsked(audience: string): Promise<Asked> {
  if (!/\.ya?ml$/.test(audience)) return { condition: { audience }, at: () => ({}) };
  const source = await readFile(audience, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new UserError(`There is no file ${audience}`) : error;
  });
  const { value, faults, at } = parseYaml(source, audience, conditionSchema);
  if (value === undefined) throw new UserError(`${audience} holds no condition that can be used`, faults);
  return { condition: value, at: (path) => ({ file: audience, ...at(path) }) };
}

function refuse({ condition, at }: Asked, { policy }: PolicyVersion): void {
  const faults = conditionFaults(condition, policy.audiences);
  if (faults.length === 0) return;
  const placed = faults.map(({ at: path, ...fault }) => ({ ...fault, path: path.join('.'), ...at(path) }));
  throw new UserError('Nobody can be counted by this', placed);
}

function toText(audience: string, { count, of, sample }: Census, share: number): string {
  const head = `${audience}: ${figure(count)} of ${figure(of)} contacts (${percent(share)})`;
  return `${[head, ...sample.map((userId) => `  ${userId}`)].join('\n')}\n`;
}

const figure = (number: number): string => number.toLocaleString('en');
const percent = (share: number): string =>
  share.toLocaleString('en', { style: 'percent', maximumFractionDigits: share < 0.01 ? 2 : 1 });
