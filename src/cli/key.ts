import { Option, type Command } from 'commander';
import { AccessDesk, keys, type KeyRecord } from '../access/index.ts';
import { loadConfig } from '../config/index.ts';
import { SCOPES, type Scope } from '../http/index.ts';
import { formatInstant, systemClock, type Instant } from '../shared/clock.ts';
import { withDatabase, withDatabaseAsItIs } from './with-database.ts';

const CLI = 'cli';

/** Registers `relance key`. */
export function register(program: Command): void {
  const key = program
    .command('key')
    .description('keys of machines: to post events, to read the API, to change things by it');
  key
    .command('add')
    .argument('<name>', 'what it is for, such as warehouse')
    .addOption(
      new Option('--scope <scope>', 'write: events; read: reads /api; manage: reads and changes there')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .description('make a key; prints it once')
    .action(async (name: string, { scope }: { scope: Scope }) => {
      const made = await withDatabase(loadConfig(process.env), (database) =>
        new AccessDesk(database, systemClock).addKey({ name, scope }, CLI),
      );
      process.stdout.write(`Key ${made.id} has the scope ${scope}.\nShown this once: ${made.key}\n`);
    });
  key
    .command('list')
    .option('--json', 'as JSON')
    .description('every key, with its last use to some minutes')
    .action(async ({ json }: { json?: boolean }) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), keys);
      process.stdout.write(json ? `${JSON.stringify(found.map(written), null, 2)}\n` : found.map(lineOf).join(''));
    });
  key
    .command('revoke')
    .argument('<id>', 'as `relance key list` has it')
    .description('have a key refused, within seconds, in every process')
    .action(async (id: string) => {
      await withDatabase(loadConfig(process.env), (database) =>
        new AccessDesk(database, systemClock).revokeKey(id, CLI),
      );
      process.stdout.write(`Key ${id} is refused from now on.\n`);
    });
}

const at = (instant: Instant | null): string | null => (instant === null ? null : formatInstant(instant));

function lineOf({ id, name, scope, lastUsedAt, revokedAt }: KeyRecord): string {
  const state = revokedAt === null ? `last used ${at(lastUsedAt) ?? 'never'}` : `revoked ${at(revokedAt)}`;
  return `${id}  ${scope.padEnd(6)}  ${name}  ${state}\n`;
}

const written = ({ createdAt, lastUsedAt, revokedAt, ...key }: KeyRecord): object => ({
  ...key,
  createdAt: at(createdAt),
  lastUsedAt: at(lastUsedAt),
  revokedAt: at(revokedAt),
});
