import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parsePolicy, type Policy } from '../gate/index.ts';
import { systemClock } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import type { ParsedYaml } from '../shared/yaml.ts';
import { checkTemplate, readTemplateFolders, type TemplateFolder, type TemplateInfo } from '../templates/index.ts';
import { lintLibrary } from './lint/lint.ts';
import { otherFile } from './other-file.ts';
import { parseScenario, type DraftScenario, type ParsedScenario } from './parse.ts';

export const POLICY_FILE = 'policy.yaml';
export const TEMPLATES_FOLDER = 'templates';

/** One text file and what was read in it; undefined when it has an error. */
export interface ReadFile<T> {
  /** Below the working directory when it lies there, else absolute. */
  file: string;
  source: string;
  value: T | undefined;
  faults: Fault[];
  /** Where a path stands in it; only of a policy. */
  at?: ParsedYaml<T>['at'];
  /** Of a scenario with faults. */
  draft?: DraftScenario;
}

export interface ReadTemplate {
  folder: TemplateFolder;
  info: TemplateInfo;
}

/** Scenarios, the policy and the templates they are judged with, and everything wrong in them. */
export interface LibraryFiles {
  scenarios: ReadFile<ParsedScenario>[];
  /** Without a value when there is none, or none that can be used. */
  policy: ReadFile<Policy>;
  templates: ReadTemplate[];
  faults: Fault[];
}

/** Reads and lints the library that is published: all scenarios of a folder with its policy, and a folder of templates. */
export async function readLibraryFiles(places: { scenariosDir: string; templatesDir: string }): Promise<LibraryFiles> {
  const found = await findFiles(places.scenariosDir);
  const scenarios = await Promise.all(found.scenarios.map(readScenario));
  const policy = await readPolicy(path.join(places.scenariosDir, POLICY_FILE));
  const templates = await readTemplates(places.templatesDir);
  const lint = lintLibrary({
    scenarios: scenarios.flatMap(({ value }) => value ?? []),
    drafts: scenarios.flatMap(({ draft }) => draft ?? []),
    policy: policy.value,
    policyFile: policy,
    templates: templates.map(({ info }) => info),
    now: systemClock.now(),
  });
  const read = [...scenarios, policy, ...templates.map(({ info }) => info)];
  return {
    scenarios,
    policy,
    templates,
    faults: inOrder([...read.flatMap(({ faults }) => faults), ...lint]),
  };
}

/** Faults by file, line and column. */
export function inOrder(faults: readonly Fault[]): Fault[] {
  const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  return faults.toSorted(
    (a, b) =>
      order(a.file ?? '', b.file ?? '') || order(a.line ?? 0, b.line ?? 0) || order(a.column ?? 0, b.column ?? 0),
  );
}

export function readScenario(file: string): Promise<ReadFile<ParsedScenario>> {
  return readOne(file, (source, shown) => {
    const { parsed, draft, faults } = parseScenario(source, shown);
    return { value: parsed, faults, ...(draft === undefined ? {} : { draft }) };
  });
}

/** Reads a policy; one that is not there is a fault, and an empty source. */
export async function readPolicy(file: string): Promise<ReadFile<Policy>> {
  if (await exists(file))
    return readOne(file, (source, shown) => {
      const parsed = parsePolicy(source, shown);
      const other = parsed.value === undefined ? otherFile(parsed.data, 'policy', shown) : undefined;
      return other === undefined ? parsed : { ...parsed, faults: [other] };
    });
  const fault: Fault = {
    code: 'missing-policy',
    severity: 'error',
    message: 'there is no policy',
    hint: 'write one beside the scenarios: time zone, country, senders, purposes, categories and rules',
    file: shownPath(file),
  };
  return { file: shownPath(file), source: '', value: undefined, faults: [fault] };
}

/** Reads and checks every template below a folder; their faults name files from the working directory on. */
export async function readTemplates(directory: string): Promise<ReadTemplate[]> {
  const folders = await readTemplateFolders(directory);
  return Promise.all(
    folders.map(async (folder) => {
      const info = await checkTemplate(folder);
      const faults = info.faults.map((fault) => ({
        ...fault,
        file: shownPath(path.join(directory, fault.file ?? folder.id)),
      }));
      return { folder, info: { ...info, faults } };
    }),
  );
}

async function readOne<T>(
  file: string,
  parse: (source: string, file: string) => Pick<ReadFile<T>, 'value' | 'faults' | 'at' | 'draft'>,
): Promise<ReadFile<T>> {
  const shown = shownPath(file);
  const bytes = await readFile(file);
  const source = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const fault: Fault = {
      code: 'not-utf-8',
      severity: 'error',
      message: 'the file is not UTF-8 text',
      hint: 'save it as UTF-8',
      file: shown,
    };
    return { file: shown, source, value: undefined, faults: [fault] };
  }
  return { file: shown, source, ...parse(source, shown) };
}

export interface FoundFiles {
  scenarios: string[];
  tests: string[];
  policies: string[];
  /** Folders of templates. */
  templates: string[];
}

/**
 * All files of the language below a folder, sorted. Campaigns and versions that only tests publish (`*.v2.yaml`)
 * are left out; links are not followed. A folder that does not exist has none.
 */
export async function findFiles(directory: string): Promise<FoundFiles> {
  const found: FoundFiles = { scenarios: [], tests: [], policies: [], templates: [] };
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(directory, entry.name);
    const kind = kindOf(entry.name);
    if (entry.isFile() && kind !== undefined) found[kind].push(place);
    else if (!entry.isDirectory() || entry.name.startsWith('.') || PASSED_BY.has(entry.name)) continue;
    else if (entry.name === TEMPLATES_FOLDER) found.templates.push(place);
    else {
      const below = await findFiles(place);
      for (const each of Object.keys(found) as (keyof FoundFiles)[]) found[each].push(...below[each]);
    }
  }
  return found;
}

const PASSED_BY = new Set(['node_modules', 'campaigns']);

/** What a file is by its name; undefined when it is none of the language's, or read only where a test publishes it. */
export function kindOf(name: string): 'scenarios' | 'tests' | 'policies' | undefined {
  if (name === POLICY_FILE) return 'policies';
  if (name.endsWith('.test.yaml')) return 'tests';
  return name.endsWith('.yaml') && !/\.v\d+\.yaml$/.test(name) ? 'scenarios' : undefined;
}

/** The nearest file or folder of a name in a folder or above it; undefined when there is none. */
export async function nearestAbove(name: string, directory: string): Promise<string | undefined> {
  for (let folder = path.resolve(directory); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, name);
    if (await exists(candidate)) return candidate;
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** A path as people should see it: below the working directory when it lies there. */
export function shownPath(file: string): string {
  const below = path.relative('', file);
  return below === '' || below.startsWith('..') || path.isAbsolute(below) ? path.resolve(file) : below;
}
