import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { types } from 'node:util';
import { UserError } from '../shared/errors.ts';
import type { Config, Generated, Variables } from './config.ts';
import { parseConfig } from './config.ts';
import { parseEnvFile } from './env-file.ts';

/** Folder of an embedded installation's data, below the project's root. */
export const DATA_FOLDER = '.relance';

/**
 * What an embedded installation made up at its first start: read from `<dataDir>/generated.json`, or made and
 * kept there, readable by its owner only. Written beside and linked, so that two first starts agree on one.
 */
export function keptGenerated(dataDir: string): Generated {
  const file = path.join(dataDir, 'generated.json');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const made: Generated = {
      secret: randomBytes(32).toString('base64url'),
      adminEmail: 'admin@example.com',
      adminPassword: randomBytes(12).toString('base64url'),
    };
    const draft = path.join(dataDir, `generated.${randomBytes(6).toString('hex')}.json`);
    writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Generated>;
    if (kept.secret && kept.adminEmail && kept.adminPassword) return kept as Generated;
  } catch (error) {
    if (!types.isNativeError(error) || error.name !== 'SyntaxError') throw error;
  }
  throw new UserError(`${file} is damaged: put it back from a copy, or remove it to have new secrets made`);
}

/**
 * The settings of this process: `variables` over the project's `.env` file over the defaults.
 * Throws UserError that lists every fault.
 * @param root the project's root; `.env` and the data folder are looked for there
 */
export function loadConfig(variables: Variables, root: string = process.cwd()): Config {
  const dataDir = path.resolve(root, DATA_FOLDER);
  const { values, origins } = readEnvFile(root);
  for (const name of Object.keys(variables)) if (variables[name] !== undefined) origins.delete(name);
  return parseConfig(
    { ...values, ...defined(variables) },
    { dataDir, origins, generated: () => keptGenerated(dataDir) },
  );
}

/**
 * Where the files are, for verbs that need nothing else of the settings (no database, no secrets).
 * Throws UserError when `.env` cannot be read.
 */
export function libraryPlaces(
  variables: Variables,
  root: string = process.cwd(),
): { scenariosDir: string; templatesDir: string } {
  const settings = { ...readEnvFile(root).values, ...defined(variables) };
  return {
    scenariosDir: settings['SCENARIOS_DIR'] || 'scenarios',
    templatesDir: settings['TEMPLATES_DIR'] || 'templates',
  };
}

function readEnvFile(root: string): ReturnType<typeof parseEnvFile> {
  const file = path.join(root, '.env');
  return existsSync(file) ? parseEnvFile(readFileSync(file, 'utf8'), '.env') : { values: {}, origins: new Map() };
}

function defined(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
