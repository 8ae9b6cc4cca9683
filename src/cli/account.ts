import { Argument, Option, type Command } from 'commander';
import { AccessDesk, accounts, LONGEST_PASSWORD, SHORTEST_PASSWORD, type AccountRecord } from '../access/index.ts';
import { loadConfig } from '../config/index.ts';
import { ACCOUNT_ROLES, type AccountRole } from '../http/index.ts';
import { formatInstant, systemClock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { withDatabase, withDatabaseAsItIs } from './with-database.ts';

const CLI = 'cli';
const STDIN = 'read the password from standard input, instead of making one up';

/** Registers `relance account`. */
export function register(program: Command): void {
  const account = program.command('account').description('who may sign in, and what they may do');
  account
    .command('add')
    .argument('<email>')
    .addOption(new Option('--role <role>', 'what they may do').choices(ACCOUNT_ROLES).default('viewer'))
    .option('--password-stdin', STDIN)
    .description('let somebody sign in; prints their password once')
    .action(async (email: string, { role, passwordStdin }: { role: AccountRole; passwordStdin?: boolean }) => {
      if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new UserError(`\`${email}\` is no email address`);
      const password = passwordStdin ? await readPassword() : undefined;
      const made = await withDesk((desk) => desk.addAccount({ email, role, password }, CLI));
      process.stdout.write(`${email} may sign in as ${role}.\n${told(made.password)}`);
    });
  account
    .command('list')
    .option('--json', 'as JSON')
    .description('everybody who may sign in')
    .action(async ({ json }: { json?: boolean }) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), accounts);
      process.stdout.write(json ? `${JSON.stringify(found.map(written), null, 2)}\n` : found.map(lineOf).join(''));
    });
  account
    .command('role')
    .argument('<email>')
    .addArgument(new Argument('<role>', 'what they may do').choices(ACCOUNT_ROLES))
    .description('change what somebody may do, from their next request on')
    .action(async (email: string, role: AccountRole) => {
      await withDesk((desk) => desk.setRole(email, role, CLI));
      process.stdout.write(`${email} is ${role} now.\n`);
    });
  account
    .command('password')
    .argument('<email>')
    .option('--password-stdin', STDIN)
    .description('set another password, and sign them out everywhere; prints it once')
    .action(async (email: string, { passwordStdin }: { passwordStdin?: boolean }) => {
      const password = passwordStdin ? await readPassword() : undefined;
      const made = await withDesk((desk) => desk.setPassword(email, password, CLI));
      process.stdout.write(`${email} has another password, and is signed out everywhere.\n${told(made.password)}`);
    });
  account
    .command('remove')
    .argument('<email>')
    .description('let somebody sign in no more')
    .action(async (email: string) => {
      await withDesk((desk) => desk.removeAccount(email, CLI));
      process.stdout.write(`${email} may sign in no more.\n`);
    });
}

function withDesk<Result>(work: (desk: AccessDesk) => Promise<Result>): Promise<Result> {
  return withDatabase(loadConfig(process.env), (database) => work(new AccessDesk(database, systemClock)));
}

const told = (password: string | undefined): string =>
  password === undefined ? '' : `Password, shown this once: ${password}\n`;

async function readPassword(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const password = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD)
    throw new UserError(`A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`);
  return password;
}

function lineOf({ email, role, createdAt, fromEnvironment }: AccountRecord): string {
  const password = fromEnvironment ? '  password of ADMIN_PASSWORD' : '';
  return `${email}  ${role}  since ${formatInstant(createdAt)}${password}\n`;
}

const written = ({ createdAt, passwordChangedAt, ...account }: AccountRecord): object => ({
  ...account,
  createdAt: formatInstant(createdAt),
  passwordChangedAt: formatInstant(passwordChangedAt),
});
