import type { Command } from 'commander';
import type { Config } from '../config/index.ts';
import { describeError } from './describe-error.ts';

/** What takes longer than this to close is left behind; the database and the leases make that safe. */
const CLOSE_PATIENCE_MS = 30_000;

const PARENT_POLL_MS = 500;

/** Registers `relance start`. */
export function register(program: Command): void {
  program
    .command('start')
    .description('run the service: events API, engine and dispatch; settings come from the environment and .env')
    .action(async () => {
      const { loadConfig } = await import('../config/index.ts');
      const config = loadConfig(process.env);
      const [{ serve }, { FIRST_CONTACT }] = await Promise.all([import('../main.ts'), import('../sample/index.ts')]);
      const starting = serve(config);
      closeOnSignal(starting);
      const { url } = await starting;
      process.stdout.write(`${welcome(config, url, FIRST_CONTACT)}\n`);
    });
}

/** The first signal closes in order; the process ends when that is done, or when it takes too long. */
function closeOnSignal(starting: Promise<{ close(): Promise<void> }>): void {
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(1), CLOSE_PATIENCE_MS).unref();
    starting
      .then((service) => service.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${describeError(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', close).on('SIGINT', close).on('SIGHUP', close);
  closeWithParent(close);
}

/**
 * `npm start` runs this below a shell, and a signal sent to npm ends the shell only. Without this the service would
 * go on unseen, and keep the port and the folder.
 */
function closeWithParent(close: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && close(), PARENT_POLL_MS).unref();
}

/**
 * The last lines of a start: where to look, how to sign in, and one line to try.
 * @param url where the service listens
 * @param userId a sample contact that has subscribed and has not been welcomed yet
 */
export function welcome(config: Config, url: string, userId: string): string {
  const lines = ['', `Relance is running at ${url}`];
  const add = (name: string, value: string): void => void lines.push(`  ${name.padEnd(10)} ${value}`);
  if (config.roles.includes('api')) {
    add(
      'Outbox',
      `${url}/outbox   (${config.smtp === undefined ? 'mail is captured here; set SMTP_URL to send it' : 'mail that was captured'})`,
    );
    if (config.embedded && config.adminEmail !== undefined)
      add('Sign in', `${config.adminEmail}   ${config.adminPassword}`);
    if (config.embedded && config.writeKey !== undefined) {
      add('Write key', config.writeKey);
      const event = { userId, event: 'Form Submitted', properties: { form: 'newsletter' } };
      lines.push('', 'Send the welcome programme its first event:');
      lines.push(
        `  curl -u ${config.writeKey}: -H 'content-type: application/json' -d '${JSON.stringify(event)}' ${url}/v1/track`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
