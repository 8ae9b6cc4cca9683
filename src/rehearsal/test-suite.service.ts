import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { policyVersion, type PolicyVersion } from '../gate/index.ts';
import {
  compileScenario,
  listsReadAsOne,
  POLICY_FILE,
  readScenario,
  shownPath,
  TEMPLATES_FOLDER,
  unplayable,
  type CompiledScenario,
  type ParsedScenario,
} from '../scenarios/index.ts';
import type { Fault } from '../shared/errors.ts';
import type { ParsedYaml } from '../shared/yaml.ts';
import type { TemplateCache } from '../templates/index.ts';
import type { Shelf, Stock } from './shelf.service.ts';
import { parseTestFile } from './parse-test-file.ts';
import type { TestFile } from './test-file.schema.ts';
import type { Surroundings } from './test-names.ts';
import { addTo, checkAnswers, checkMaps, checkReferences, type AddFault } from './test-references.ts';

/** A test file with all that its tests run by. */
export interface TestSuite {
  /** As people should see it. */
  file: string;
  content: TestFile;
  at: ParsedYaml<TestFile>['at'];
  policy: PolicyVersion;
  /** The scenario under test and those of `with`. */
  scenarios: CompiledScenario[];
  /** What `publish` lines publish, by the path they write. */
  publications: ReadonlyMap<string, CompiledScenario>;
  templates: TemplateCache;
  hasTemplate(id: string): boolean;
}

/** A test file that was read, as far as it and what stands around it could be. */
export interface LoadedSuite {
  /** Null when there is any fault. */
  suite: TestSuite | null;
  faults: Fault[];
  /** Null when the file itself cannot be read. */
  around: { content: TestFile; at: ParsedYaml<TestFile>['at']; names: Surroundings } | null;
}

/** Reads one test file and what stands around it; without faults there is a suite. `policyFile` replaces every policy. */
export async function loadSuite(
  file: string,
  templatesDir: string,
  shelf: Shelf,
  policyFile?: string,
): Promise<LoadedSuite> {
  const shown = shownPath(file);
  const { value: content, faults, at } = await readTestFile(file, shown);
  if (content === undefined) return { suite: null, faults, around: null };
  const fault = addTo(faults, shown, at);

  const policy = await policyOf(file, content, shelf, policyFile, faults);
  const scenarios: CompiledScenario[] = [];
  for (const [index, id] of [content.scenario, ...content.with].entries()) {
    const where = index === 0 ? ['scenario'] : ['with', index - 1];
    const found = await scenarioNear(file, id, shelf, faults);
    if (found === 'broken') continue;
    if (found !== null) {
      scenarios.push(...compiled(found, 1, faults));
      faults.push(...listsReadAsOne(found, eventsOf(content)));
    } else
      fault(
        'unknown-scenario',
        `no scenario \`${id}\` stands in the folders of this file`,
        'write the id of a scenario beside it',
        where,
      );
  }
  const publications = await publicationsOf(file, content, fault, faults);
  checkReferences(content, fault);
  checkMaps(content, [...scenarios, ...publications.values()], publications, fault);
  checkAnswers(content, [...scenarios, ...publications.values()], fault);
  const { cache, ids } = await templatesAround(file, templatesDir, shelf);
  const names = { policy: policy?.policy, scenarios: [...scenarios, ...publications.values()], templates: ids };
  const around = { content, at, names };
  if (faults.length > 0 || policy === null) return { suite: null, faults, around };

  const hasTemplate = (id: string): boolean => ids.has(id);
  return {
    suite: { file: shown, content, at, policy, scenarios, publications, templates: cache, hasTemplate },
    faults: [],
    around,
  };
}

/** What the tests say happens. */
function eventsOf({ tests }: TestFile): { name: string; properties: Record<string, unknown> }[] {
  return tests.flatMap(({ timeline }) =>
    timeline.flatMap(({ track, properties = {} }) => (track === undefined ? [] : [{ name: track, properties }])),
  );
}

/** A test file as it stands, held to its format. */
async function readTestFile(file: string, shown: string): Promise<ParsedYaml<TestFile>> {
  const bytes = await readFile(file);
  if (isUtf8(bytes)) return parseTestFile(bytes.toString('utf8'), shown);
  const { value, data, at } = parseTestFile('', shown);
  const fault = {
    code: 'not-utf-8',
    severity: 'error' as const,
    message: 'the file is not UTF-8 text',
    hint: 'save it as UTF-8',
  };
  return { value, data, at, faults: [{ ...fault, file: shown }] };
}

/** The scenario ready to be played; none, and what is wrong with it, when it cannot be. */
function compiled(parsed: ParsedScenario, version: number, faults: Fault[]): CompiledScenario[] {
  const found = unplayable(parsed);
  faults.push(...found);
  return found.length === 0 ? [compileScenario(parsed.scenario, version)] : [];
}

async function policyOf(
  file: string,
  content: TestFile,
  shelf: Shelf,
  policyFile: string | undefined,
  faults: Fault[],
): Promise<PolicyVersion | null> {
  if (policyFile === undefined && content.policy !== undefined) return policyVersion(1, content.policy);
  const folder = path.dirname(file);
  const place = policyFile ?? (await shelf.nearest(POLICY_FILE, folder)) ?? path.join(folder, POLICY_FILE);
  const read = await shelf.policy(place);
  faults.push(...read.faults);
  return read.value === undefined ? null : policyVersion(1, read.value);
}

/** The scenario of that id in the test file's folder or below it, else in the folders above, up to the one with the policy. */
async function scenarioNear(
  file: string,
  id: string,
  shelf: Shelf,
  faults: Fault[],
): Promise<ParsedScenario | 'broken' | null> {
  let folder = path.dirname(path.resolve(file));
  const policy = await shelf.nearest(POLICY_FILE, folder);
  const top = policy === undefined ? folder : path.dirname(policy);
  for (;;) {
    // The file is named after the scenario; only when none is are the others opened.
    const files = await shelf.scenarioFiles(folder);
    const named = files.get(id) ?? [];
    for (const each of [...named, ...[...files.values()].flat().filter((other) => !named.includes(other))]) {
      const read = await shelf.scenario(each);
      if (read.value?.scenario.scenario === id) return read.value;
      if (read.value === undefined && named.includes(each)) {
        faults.push(...read.faults);
        return 'broken';
      }
    }
    if (folder === top || folder === path.dirname(folder)) return null;
    folder = path.dirname(folder);
  }
}

async function publicationsOf(
  file: string,
  content: TestFile,
  fault: AddFault,
  faults: Fault[],
): Promise<Map<string, CompiledScenario>> {
  const published = new Map<string, CompiledScenario>();
  for (const [index, test] of content.tests.entries()) {
    for (const { publish, position } of test.timeline) {
      if (publish === undefined || published.has(publish)) continue;
      const read = await readScenario(path.resolve(path.dirname(file), publish)).catch(() => null);
      const where = ['tests', index, 'timeline', position!, 'publish'];
      if (read === null)
        fault(
          'unknown-file',
          `there is no file ${publish}`,
          'write its path from this file on, such as ./welcome.v2.yaml',
          where,
        );
      else if (read.value === undefined) faults.push(...read.faults);
      else for (const each of compiled(read.value, published.size + 2, faults)) published.set(publish, each);
    }
  }
  return published;
}

/** The templates of the nearest `templates/` above a file, else of a folder. */
export async function templatesAround(file: string, templatesDir: string, shelf: Shelf): Promise<Stock> {
  return shelf.templates((await shelf.nearest(TEMPLATES_FOLDER, path.dirname(file))) ?? path.resolve(templatesDir));
}
