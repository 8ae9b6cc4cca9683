import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { describeRecipient, eraseContact, previewErasure, providersOf, type ErasureReport } from '../rights/index.ts';
import { systemClock } from '../shared/clock.ts';
import { contactIdOf } from '../shared/ids.ts';
import { withDatabase, withDatabaseAsItIs } from './with-database.ts';

/** Registers `relance erase`. */
export function register(program: Command): void {
  program
    .command('erase')
    .description('data gone')
    .command('contact')
    .description('erase one contact; only salted hashes stay, which refuse it at re-import (GDPR Art. 17)')
    .argument('<userId>', 'what your backend calls the contact')
    .option('--dry-run', 'only tell what would be erased')
    .action(async (userId: string, { dryRun }: { dryRun?: boolean }) => {
      const config = loadConfig(process.env);
      const contactId = contactIdOf(userId);
      const providers = providersOf(config);
      const report =
        dryRun === true
          ? await withDatabaseAsItIs(config, (sql) => previewErasure(sql, contactId, providers))
          : await withDatabase(config, (database) =>
              eraseContact(database, contactId, { origin: 'cli', actor: 'cli' }, providers, systemClock.now()),
            );
      process.stdout.write(`${describeErasure(report)}\n`);
    });
}

/** What became of the rows and who is to be told, as people read it. */
export function describeErasure({ requestId, rows, addresses, recipients }: ErasureReport): string {
  const lines = Object.entries(rows).map(([table, count]) => `${String(count).padStart(6)}  ${table}`);
  const head =
    lines.length === 0
      ? 'Nothing is kept of this contact.'
      : 'Rows by table (messages and decisions stay, as nobody’s):';
  const refused = `${addresses} ${addresses === 1 ? 'address is' : 'addresses are'} refused from now on`;
  const tail =
    requestId === null ? 'Nothing was changed.' : `Erased: request ${requestId}. ${refused}, by salted hashes.`;
  const told =
    recipients.length === 0
      ? []
      : [
          'Was given data and is to be told (GDPR Art. 19):',
          ...recipients.map((recipient) => `  ${describeRecipient(recipient)}`),
        ];
  return [head, ...lines, tail, ...told].join('\n');
}
