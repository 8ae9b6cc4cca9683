import path from 'node:path';
import { UserError } from '../../shared/errors.ts';
import { readTemplateFolders } from '../../templates/index.ts';
import { findFiles, POLICY_FILE, readPolicy, readScenario } from '../files.service.ts';
import { parseScenario } from '../parse.ts';
import type { LibraryPlaces } from '../publishable.service.ts';
import type { PublishedDocument } from './history.store.ts';
import { POLICY_NAME } from './history.store.ts';
import { formatName, type DocumentName } from './reference.ts';

/** A document as it lies in files; `files` are by their absolute place. */
export interface LocalDocument extends DocumentName {
  files: Readonly<Record<string, string>>;
}

/** Where a working copy of the library is. */
export interface Copy {
  /** Absolute; nothing is read or written outside. */
  root: string;
  scenariosDir: string;
  templatesDir: string;
}

/**
 * The library's folders below `root`. A folder of the settings that lies elsewhere has its usual name there: what a
 * server published from `/srv/scenarios` is pulled to `scenarios`.
 */
export function copyAt(root: string, { scenariosDir, templatesDir }: LibraryPlaces): Copy {
  const absolute = path.resolve(root);
  const below = (folder: string, usual: string): string => {
    const place = path.resolve(absolute, folder);
    return isBelow(place, absolute) ? place : path.join(absolute, usual);
  };
  return {
    root: absolute,
    scenariosDir: below(scenariosDir, 'scenarios'),
    templatesDir: below(templatesDir, 'templates'),
  };
}

/** All documents of a working copy, by their name on the command line. Files with faults count too. */
export async function readCopy({ scenariosDir, templatesDir }: Copy): Promise<Map<string, LocalDocument>> {
  const found = new Map<string, LocalDocument>();
  const add = (document: LocalDocument): void => void found.set(formatName(document), document);
  for (const file of (await findFiles(scenariosDir)).scenarios) {
    const { source, value } = await readScenario(file);
    const id =
      value?.scenario.scenario ?? /^scenario:\s*([a-z0-9-]+)/m.exec(source)?.[1] ?? path.basename(file, '.yaml');
    add({ kind: 'scenario', id, files: { [path.resolve(file)]: source } });
  }
  const policyFile = path.join(scenariosDir, POLICY_FILE);
  const { source } = await readPolicy(policyFile);
  if (source !== '') add({ kind: 'policy', id: 'policy', files: { [path.resolve(policyFile)]: source } });
  for (const { id, files } of await readTemplateFolders(templatesDir)) {
    const placed = Object.entries(files).map(([name, text]) => [path.resolve(templatesDir, id, name), text] as const);
    add({ kind: 'template', id, files: Object.fromEntries(placed) });
  }
  return found;
}

/**
 * Where the files of a published document belong in a working copy: where the copy has that scenario already, else where
 * it was published from, else in its programme's folder. Throws UserError for a name that leads out of the copy.
 */
export function placesOf(
  { kind, id, files }: PublishedDocument,
  copy: Copy,
  local: ReadonlyMap<string, LocalDocument>,
): Map<string, string> {
  const placed = new Map<string, string>();
  for (const [name, text] of Object.entries(files).sort(byName)) {
    if (kind === 'policy') placed.set(path.join(copy.scenariosDir, POLICY_NAME), text);
    else if (kind === 'scenario') {
      const there = local.get(formatName({ kind, id }));
      placed.set(there === undefined ? placeOfScenario(id, name, text, copy) : Object.keys(there.files)[0]!, text);
    } else {
      const folder = path.join(copy.templatesDir, id);
      const place = path.resolve(folder, name);
      if (!isBelow(place, folder) || name.split('/').some((part) => part.startsWith('.')))
        throw new UserError(`The published template ${id} has a file ${name}, which leads out of its folder`);
      placed.set(place, text);
    }
  }
  return placed;
}

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

function placeOfScenario(id: string, published: string, source: string, copy: Copy): string {
  const place = path.resolve(copy.root, published);
  const isUsable =
    !path.isAbsolute(published) &&
    isBelow(place, copy.root) &&
    place.endsWith('.yaml') &&
    path
      .relative(copy.root, place)
      .split(path.sep)
      .every((part) => !part.startsWith('.'));
  if (isUsable) return place;
  const programme = parseScenario(source, '').parsed?.scenario.programme;
  return path.join(copy.scenariosDir, ...(programme === undefined ? [] : [programme]), `${id}.yaml`);
}

export function isBelow(inner: string, outer: string): boolean {
  const below = path.relative(outer, inner);
  return below !== '' && below !== '..' && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below);
}

/** The texts mean the same version: line ends of YAML are no change, as in a publication. */
export function isSameText({ kind }: DocumentName, published: string, local: string): boolean {
  const read = (text: string): string => (kind === 'template' ? text : text.replaceAll('\r\n', '\n'));
  return read(published) === read(local);
}
