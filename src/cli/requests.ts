import { Argument, Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import {
  describeRecipient,
  ENDINGS,
  endRequest,
  EXTENSIONS,
  isRequestId,
  prolongRequest,
  registerRequest,
  REQUEST_KINDS,
  requestJson,
  requestsOf,
  stageOf,
  type Ending,
  type Extension,
  type Recipient,
  type RequestKind,
  type RightsRequest,
} from '../rights/index.ts';
import { instantOf, readMoment } from '../calendar/index.ts';
import { formatInstant, systemClock, type Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { contactIdOf } from '../shared/ids.ts';
import { withDatabase, withDatabaseAsItIs } from './with-database.ts';

const CLI = { origin: 'cli', actor: 'cli' } as const;
const ID = 'as `relance requests` lists it';

/** Registers `relance requests`. */
export function register(program: Command): void {
  const requests = program
    .command('requests')
    .description('requests of people about their data, the one that is due first before the others')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'done']))
    .option('--json', 'as JSON')
    .action(async ({ state, json }: { state?: 'open' | 'done'; json?: boolean }) => {
      const found = await withDatabaseAsItIs(loadConfig(process.env), (sql) => requestsOf(sql, state ?? null));
      process.stdout.write(describeRequests(found, systemClock.now(), json));
    });
  requests
    .command('open')
    .description('write down a request that came by letter or telephone; doing what it asks for answers it')
    .addArgument(new Argument('<kind>', 'what is asked for').choices(REQUEST_KINDS))
    .argument('<userId>', 'what your backend calls the person')
    .option('--received <date>', 'when it came, such as 2026-11-20; default: now')
    .action(async (kind: RequestKind, userId: string, { received }: { received?: string }) => {
      const now = systemClock.now();
      const request = { contactId: contactIdOf(userId), kind, asker: CLI };
      const { id, dueAt } = await withDatabase(loadConfig(process.env), (database) =>
        registerRequest(database, request, receivedAt(received, now), now),
      );
      process.stdout.write(`Request ${id} is to be answered by ${formatInstant(dueAt)}.\n`);
    });
  requests
    .command('extend')
    .description('two months more, once and within the first; tell the person so, and why (GDPR Art. 12(3))')
    .argument('<id>', ID)
    .addOption(new Option('--because <reason>', 'complex, or many').choices(EXTENSIONS).makeOptionMandatory())
    .action(async (id: string, { because }: { because: Extension }) => {
      const due = await withDatabase(loadConfig(process.env), (database) =>
        prolongRequest(database, known(id), because, CLI.actor, systemClock.now()),
      );
      if (due === null) throw unknown(id);
      process.stdout.write(`Request ${id} is to be answered by ${formatInstant(due)}. Tell the person now, and why.\n`);
    });
  requests
    .command('end')
    .description('end a request that was answered in another way, refused, or taken back')
    .argument('<id>', ID)
    .addArgument(new Argument('<how>', 'how it ended').choices(ENDINGS))
    .action(async (id: string, how: Ending) => {
      const isEnded = await withDatabase(loadConfig(process.env), (database) =>
        endRequest(database, known(id), how, CLI, systemClock.now()),
      );
      if (!isEnded) throw unknown(id);
      process.stdout.write(`Request ${id} is done: ${how}.\n`);
    });
}

/** Requests as people read them: a line each, and one for each recipient of the person's data that is to be told. */
export function describeRequests(requests: readonly RightsRequest[], now: Instant, json = false): string {
  if (json)
    return `${JSON.stringify(
      requests.map((request) => requestJson(request, now)),
      null,
      2,
    )}\n`;
  if (requests.length === 0) return 'There are no such requests.\n';
  return requests
    .map((request) => {
      const { id, kind, dueAt, doneAt, extendedAt } = request;
      const stage = stageOf(request, now);
      const when = doneAt === null ? `due ${formatInstant(dueAt)}` : `done ${formatInstant(doneAt)}`;
      const more = [
        ...(extendedAt === null ? [] : ['extended']),
        ...(stage === 'late' || stage === 'overdue' ? [stage.toUpperCase()] : []),
      ];
      const told = toBeTold(request).map((recipient) => `    to be told: ${describeRecipient(recipient)}\n`);
      return `${id}  ${kind.padEnd(14)}${[when, ...more].join('  ')}\n${told.join('')}`;
    })
    .join('');
}

/** Whom an erasure, a correction or a restriction must be told to (GDPR Art. 19). */
function toBeTold({ report }: RightsRequest): readonly Recipient[] {
  return (report['recipients'] as readonly Recipient[] | undefined) ?? [];
}

/** Throws UserError for what is no date of the past. */
export function receivedAt(written: string | undefined, now: Instant): Instant {
  if (written === undefined) return now;
  const moment = readMoment(written);
  const at = moment && instantOf(moment, 'UTC');
  if (at !== null && at <= now) return at;
  throw new UserError(`\`${written}\` is no date of the past: write when the request came, such as 2026-11-20`);
}

function known(id: string): string {
  if (isRequestId(id)) return id.toLowerCase();
  throw unknown(id);
}

const unknown = (id: string): UserError => new UserError(`There is no request ${id}: \`relance requests\` lists them`);
