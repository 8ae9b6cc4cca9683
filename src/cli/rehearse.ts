import { InvalidArgumentError, type Command } from 'commander';
import { libraryPlaces, loadConfig } from '../config/index.ts';
import {
  isContactFile,
  rehearsalJson,
  rehearsalPage,
  rehearsalText,
  rehearseRequest,
  type Rehearsal,
} from '../rehearsal/index.ts';
import { systemClock } from '../shared/clock.ts';
import { openPage, writePage } from './page-file.ts';
import { withDatabaseAsItIs } from './with-database.ts';

interface Options {
  contact: string;
  from: string;
  until?: string;
  properties?: Record<string, unknown>;
  timeline?: string;
  with?: string[];
  published?: boolean;
  json?: boolean;
  open?: boolean;
  out?: string;
}

/** Registers `relance rehearse`. */
export function register(program: Command): void {
  program
    .command('rehearse')
    .description("play one contact's path through a scenario on a virtual clock: every step, guard, gate and message")
    .argument('<scenario>', 'an id in SCENARIOS_DIR, or the path of a file')
    .requiredOption('--contact <id>', 'the user id of a real contact, or a .yaml file with one')
    .requiredOption(
      '--from <date>',
      "when it begins: 2026-03-02, 2026-03-02T09:00 (the contact's clock), or an instant",
    )
    .option('--until <date>', 'when it ends; without it, when the contact is through, or after 400 days')
    .option('--properties <json>', 'properties of the event that starts it', jsonObject)
    .option('--timeline <file>', 'what happens to the contact, as in test files')
    .option('--with <scenario...>', 'other scenarios that run beside it')
    .option('--published', 'scenario, policy and templates as published, not as in the files')
    .option('--json', 'print everything as JSON')
    .option('--open', 'write a page with the machine as a picture and the mails as they look, and open it')
    .option('--out <file>', 'where to write that page')
    .action(async (scenario: string, options: Options) => {
      const rehearsal = await rehearsed(scenario, options);
      process.stdout.write(
        options.json === true ? `${JSON.stringify(rehearsalJson(rehearsal), null, 2)}\n` : rehearsalText(rehearsal),
      );
      if (options.open !== true && options.out === undefined) return;
      const file = await writePage(rehearsalPage(rehearsal), rehearsal.scenario.scenario, options.out);
      process.stderr.write(`${file}\n`);
      if (options.open === true) openPage(file);
    });
}

function rehearsed(scenario: string, { timeline, with: beside, ...options }: Options): Promise<Rehearsal> {
  const request = { ...options, scenario, timelineFile: timeline, beside };
  const now = systemClock.now();
  if (isContactFile(options.contact) && options.published !== true) {
    const { scenariosDir, templatesDir } = libraryPlaces(process.env);
    return rehearseRequest(request, { scenariosDir, templatesDir }, null, now);
  }
  const config = loadConfig(process.env);
  return withDatabaseAsItIs(config, (sql) => rehearseRequest(request, config, sql, now));
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, like every other text that is no object.
  }
  throw new InvalidArgumentError('write a JSON object, such as {"form": "newsletter"}');
}
