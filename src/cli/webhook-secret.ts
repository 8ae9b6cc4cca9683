import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { signingSecrets } from '../webhooks/index.ts';

/** Registers `relance webhook-secret`. */
export function register(program: Command): void {
  program
    .command('webhook-secret')
    .description('print the secrets by which receivers verify webhook calls, one a line')
    .action(() => {
      for (const secret of signingSecrets(loadConfig(process.env))) process.stdout.write(`${secret}\n`);
    });
}
