import { InvalidArgumentError, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import {
  addressWithdrawalJson,
  addressWithdrawalsOf,
  ledgerOf,
  standingJson,
  standingsAt,
  verifyContact,
  verifyPart,
  type AddressWithdrawal,
  type Flaw,
  type Standing,
} from '../consent/index.ts';
import type { Sql } from '../database/index.ts';
import { formatInstant, parseInstant, systemClock, type Instant } from '../shared/clock.ts';
import { contactIdOf, LANES, type Id } from '../shared/ids.ts';
import { withDatabaseAsItIs } from './with-database.ts';

/** Contacts that are in memory at one time. */
const PART = 500;

interface VerifyOptions {
  contact?: string;
  json?: boolean;
}

interface ShowOptions {
  at?: Instant;
  json?: boolean;
}

/** What `relance consent verify` found. */
interface Report {
  contacts: number;
  entries: number;
  flaws: Flaw[];
}

/** Registers `relance consent verify` and `relance consent show`. */
export function register(program: Command): void {
  const consent = program.command('consent').description('the consent ledger: whether it is whole, and what it proves');
  consent
    .command('verify')
    .description('look at every entry of the ledger, and name each that was changed, moved or removed')
    .option('--contact <id>', 'only this contact: the id a backend sends')
    .option('--json', 'print the result as JSON')
    .action(async (options: VerifyOptions) => {
      const report = await withDatabaseAsItIs(loadConfig(process.env), (sql) => verify(sql, options));
      process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
      if (report.flaws.length > 0) process.exitCode = 1;
    });
  consent
    .command('show')
    .description('what a contact had consented to, with the words shown, when, where and the hash that proves it')
    .argument('<contact>', 'the id a backend sends')
    .option('--at <instant>', 'as of then, such as 2026-03-01T00:00:00Z; now, when absent', instant)
    .option('--json', 'print the result as JSON')
    .action(async (userId: string, { at = systemClock.now(), json }: ShowOptions) => {
      const contactId = contactIdOf(userId);
      const [ledger, closed] = await withDatabaseAsItIs(loadConfig(process.env), async (sql) => [
        await ledgerOf(sql, contactId),
        await addressWithdrawalsOf(sql, contactId, at),
      ]);
      const standings = standingsAt(ledger, at);
      const asJson = {
        userId,
        at: formatInstant(at),
        consents: standings.map(standingJson),
        withdrawnAtAddress: closed.map(addressWithdrawalJson),
      };
      process.stdout.write(
        json === true
          ? `${JSON.stringify(asJson, null, 2)}\n`
          : standingsText(userId, standings, at) + addressText(closed),
      );
    });
}

async function verify(sql: Sql, { contact }: VerifyOptions): Promise<Report> {
  if (contact !== undefined) {
    const { entries, flaws } = await verifyContact(sql, contactIdOf(contact));
    return { contacts: 1, entries, flaws };
  }
  const report: Report = { contacts: 0, entries: 0, flaws: [] };
  for (let lane = 0; lane < LANES; lane += 1) {
    for (let after: Id | null = null, first = true; first || after !== null; first = false) {
      const part: Awaited<ReturnType<typeof verifyPart>> = await verifyPart(sql, lane, after, PART);
      report.contacts += part.contactIds.length;
      report.entries += part.entries;
      report.flaws.push(...part.flaws);
      after = part.next;
    }
    progress(lane + 1, report);
  }
  return report;
}

/** One line that is written over, where somebody looks at it. */
function progress(lanes: number, { contacts }: Report): void {
  if (!process.stderr.isTTY) return;
  const end = lanes === LANES ? '\n' : '';
  process.stderr.write(`\r${Math.round((lanes / LANES) * 100)} %, ${contacts} contacts${end}`);
}

function reportText({ contacts, entries, flaws }: Report): string {
  const seen = `${entries} entries of ${contacts} contacts`;
  if (flaws.length === 0) return `The consent ledger is whole: ${seen}.\n`;
  const lines = flaws.map(({ contactId, ordinal, message }) => `contact ${contactId}, entry ${ordinal}: ${message}`);
  return `The consent ledger is BROKEN in ${flaws.length} places, of ${seen}:\n${lines.join('\n')}\n`;
}

function standingsText(userId: string, standings: readonly Standing[], at: Instant): string {
  if (standings.length === 0) return `${userId} had said nothing by ${formatInstant(at)}: everything is unknown.\n`;
  const lines = standings.map(({ state, since, proof }) => {
    const { channel, purpose, brand, legalBasis, source, text, textVersion, ordinal, hash, recordedAt } = proof;
    const from = [source.kind, source.reference, proof.ip].filter(Boolean).join(', ');
    return [
      `${[channel, purpose, brand].filter(Boolean).join(' ')}: ${state} since ${formatInstant(since)}${legalBasis === null ? '' : ` (${legalBasis})`}`,
      `  from ${from}; recorded ${formatInstant(recordedAt)}`,
      ...(text === null ? [] : [`  words${textVersion === null ? '' : ` ${textVersion}`}: ${text}`]),
      `  entry ${ordinal}, ${hash}`,
    ].join('\n');
  });
  return `${userId}, as of ${formatInstant(at)}\n${lines.join('\n')}\n`;
}

/** What holds back mail or texts to the contact although its own ledger may say yes (rule C5a). */
function addressText(closed: readonly AddressWithdrawal[]): string {
  const lines = closed.map(
    ({ channel, purpose, brand, at }) =>
      `${[channel, purpose, brand].filter(Boolean).join(' ')}: withdrawn at the ${channel === 'sms' ? 'number' : 'mailbox'} since ${formatInstant(at)}, by whoever has it\n`,
  );
  return lines.join('');
}

function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (Number.isNaN(parsed)) throw new InvalidArgumentError('write an instant, such as 2026-03-01T00:00:00Z');
  return parsed;
}
