import { InvalidArgumentError, Option, type Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import {
  defaultThreads,
  forecast,
  forecastJson,
  forecastPage,
  forecastText,
  type Course,
  type ForecastRequest,
} from '../rehearsal/index.ts';
import { systemClock } from '../shared/clock.ts';
import { mustBeWritable, openPage, writePage } from './page-file.ts';
import { Progress } from './progress.ts';
import { withDatabaseUrl } from './with-database.ts';

interface Options {
  days: number;
  scenario?: string[];
  policy?: string;
  published?: boolean;
  replay: string;
  rates?: string;
  /** False with `--no-events`. */
  events: boolean;
  sample: number;
  seed: string;
  smsPrice?: NonNullable<ForecastRequest['smsPrice']>;
  workers: number;
  json?: boolean;
  open?: boolean;
  out?: string;
}

/** More is not a forecast any more. */
const MOST_DAYS = 400;
/** How a shell tells that a process was interrupted. */
const INTERRUPTED = 130;

/** Registers `relance forecast`. */
export function register(program: Command): void {
  program
    .command('forecast')
    .description(
      'play the whole base on a virtual clock: volumes by day, what each rule keeps back, who is never reached',
    )
    .requiredOption('--days <n>', 'how many days, from now on', wholeNumber(1, MOST_DAYS))
    .option('--scenario <id...>', 'report these scenarios only; all run')
    .option('--policy <file>', 'another policy, compared side by side with the present one')
    .option('--published', 'scenarios, policy and templates as published, not as the next apply would publish them')
    .option('--replay <length>', 'events of this past, again, by whole weeks', '28d')
    .addOption(
      new Option('--rates <file>', 'events and newcomers by numbers a day, instead of a replay').conflicts(['replay']),
    )
    .option('--no-events', 'nothing but time: no events at all')
    .option('--sample <share>', 'this share of contacts, such as 5%, with the margin of every total', share, 1)
    .option('--seed <text>', 'draws another sample, and other events from rates', '1')
    .option('--sms-price <price>', 'of one part of a text message, such as "0.045 EUR"', price)
    .option('--workers <n>', 'threads that share the work', wholeNumber(1, 64), defaultThreads())
    .option('--json', 'print everything as JSON')
    .option('--open', 'write a page with charts and tables, and open it')
    .option('--out <file>', 'where to write that page')
    .addHelpText(
      'after',
      '\nCtrl-C stops it: what was counted by then is reported as an estimate; once more ends it at once.',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { scenario = [], published = false, smsPrice = null, events, replay, workers } = options;
  if (options.out !== undefined) await mustBeWritable(options.out);
  const config = loadConfig(process.env);
  const request: ForecastRequest = {
    ...options,
    scenarios: scenario,
    published,
    smsPrice,
    replay: events && options.rates === undefined ? replay : null,
  };
  const found = await withDatabaseUrl(config, (url) => {
    return forecast(request, { ...config, url, threads: workers }, course(), systemClock.now());
  });
  process.stdout.write(
    options.json === true ? `${JSON.stringify(forecastJson(found), null, 2)}\n` : forecastText(found),
  );
  if (options.open === true || options.out !== undefined) {
    const file = await writePage(forecastPage(found), 'forecast', options.out);
    process.stderr.write(`${file}\n`);
    if (options.open === true) openPage(file);
  }
  if (!found.complete) process.exitCode = INTERRUPTED;
}

/** Shown on a terminal; the first Ctrl-C stops it, and the second ends the process as usual. */
function course(): Course {
  let bar: Progress | undefined;
  let all = 0;
  return {
    begun: (contacts, stop) => {
      all = contacts;
      bar = new Progress('Forecasting, contacts', contacts);
      process.once('SIGINT', stop).once('SIGTERM', stop);
    },
    progress: (done) => bar?.to(Math.round(done * all)),
    ended: () => bar?.end(),
  };
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`write a whole number from ${least} to ${most}`);
  };
}

function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('write a share above 0 up to 100%, such as 5%');
}

function price(text: string): NonNullable<ForecastRequest['smsPrice']> {
  const match = /^(\d+(?:\.\d+)?)\s*(\S*)$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('write an amount and, if you like, a currency, such as "0.045 EUR"');
  return { amount: Number(match[1]), currency: match[2]! };
}
