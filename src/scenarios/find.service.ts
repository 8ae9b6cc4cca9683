import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import { findFiles, readScenario } from './files.service.ts';
import type { ParsedScenario } from './parse.ts';

/**
 * The scenario a person means: a file by its path, else one of the folder by its id.
 * Throws UserError with the file's faults, and for what does not exist, naming what is near.
 */
export async function findScenario(reference: string, scenariosDir: string): Promise<ParsedScenario> {
  if (/\.ya?ml$/.test(reference)) return readable(await existing(reference));
  const { scenarios } = await findFiles(scenariosDir);
  const idOf = (file: string): string => path.basename(file, '.yaml');
  // The file is named after the scenario; only when none is are the others opened.
  const named = scenarios.find((file) => idOf(file) === reference);
  if (named !== undefined) return readable(named);
  const ids = new Set<string>();
  for (const file of scenarios) {
    const { value } = await readScenario(file);
    if (value?.scenario.scenario === reference) return value;
    ids.add(value?.scenario.scenario ?? idOf(file));
  }
  throw new UserError(`There is no scenario ${reference} in ${scenariosDir}: ${suggestion(reference, ids)}`);
}

async function existing(file: string): Promise<string> {
  await stat(file).catch(() => {
    throw new UserError(`There is no file ${file}`);
  });
  return file;
}

async function readable(file: string): Promise<ParsedScenario> {
  const { value, faults } = await readScenario(file);
  if (value === undefined) throw new UserError(`${file} cannot be used`, faults);
  return value;
}

function suggestion(reference: string, ids: ReadonlySet<string>): string {
  const near = nearest(reference, ids);
  if (near !== undefined) return `did you mean ${near}?`;
  return ids.size === 0 ? 'the folder has none' : `it has ${[...ids].sort().join(', ')}`;
}
