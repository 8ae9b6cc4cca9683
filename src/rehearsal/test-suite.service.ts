import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { policyVersion, type PolicyVersion } from '../gate/index.ts';
import {
  compileScenario,
  faultOfTarget,
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
import { parseYaml, type ParsedYaml } from '../shared/yaml.ts';
import type { TemplateCache } from '../templates/index.ts';
import type { Shelf, Stock } from './shelf.service.ts';
import { testFileSchema, type TestFile } from './test-file.schema.ts';

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

/** Reads one test file and what stands around it; without faults there is a suite. `policyFile` replaces every policy. */
export async function loadSuite(
  file: string,
  templatesDir: string,
  shelf: Shelf,
  policyFile?: string,
): Promise<{ suite: TestSuite | null; faults: Fault[] }> {
  const shown = shownPath(file);
  const { value: content, faults, at } = parseYaml(await readFile(file, 'utf8'), shown, testFileSchema);
  if (content === undefined) return { suite: null, faults };
  const fault = (code: string, message: string, hint: string, where: (string | number)[]): void => {
    faults.push({ code, severity: 'error', message, hint, file: shown, path: where.join('.'), ...at(where) });
  };

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
  checkNames(content, fault);
  checkMaps(content, [...scenarios, ...publications.values()], publications, fault);
  checkAnswers(content, [...scenarios, ...publications.values()], fault);
  if (faults.length > 0 || policy === null) return { suite: null, faults };

  const { cache, ids } = await templatesAround(file, templatesDir, shelf);
  const hasTemplate = (id: string): boolean => ids.has(id);
  return {
    suite: { file: shown, content, at, policy, scenarios, publications, templates: cache, hasTemplate },
    faults: [],
  };
}

/** What the tests say happens. */
function eventsOf({ tests }: TestFile): { name: string; properties: Record<string, unknown> }[] {
  return tests.flatMap(({ timeline }) =>
    timeline.flatMap(({ track, properties = {} }) => (track === undefined ? [] : [{ name: track, properties }])),
  );
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

type AddFault = (code: string, message: string, hint: string, where: (string | number)[]) => void;

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

/** A map leads from steps that some version has to steps of the version that is published. */
function checkMaps(
  content: TestFile,
  versions: readonly CompiledScenario[],
  publications: ReadonlyMap<string, CompiledScenario>,
  fault: AddFault,
): void {
  for (const [index, test] of content.tests.entries()) {
    for (const { publish, map = {}, position } of test.timeline) {
      const published = publish === undefined ? undefined : publications.get(publish);
      if (published === undefined) continue;
      const steps = versions
        .filter(({ id }) => id === published.id)
        .flatMap(({ definition }) => Object.keys(definition.steps));
      for (const [from, to] of Object.entries(map)) {
        const where = ['tests', index, 'timeline', position!, 'map', from];
        const wrong = faultOfTarget(to, Object.keys(published.definition.steps));
        if (wrong !== null) fault('wrong-map', wrong.message, wrong.hint, where);
        if (!steps.includes(from))
          fault(
            'wrong-map',
            `no version has a step \`${from}\``,
            `write one of ${[...new Set(steps)].join(', ')}`,
            where,
          );
      }
    }
  }
}

/** Every contact a test names must be there, and with several, each line must name its own. */
function checkNames(content: TestFile, fault: AddFault): void {
  for (const [index, test] of content.tests.entries()) {
    const references = test.contacts ?? [test.contact!];
    const names = references.map((reference) => (typeof reference === 'string' ? reference : reference.userId));
    for (const reference of references) {
      if (typeof reference === 'string' && content.contacts[reference] === undefined) {
        const hint = `write one of ${Object.keys(content.contacts).join(', ') || 'none: there are no shared contacts'}`;
        fault('unknown-contact', `no contact is called \`${reference}\``, hint, [
          'tests',
          index,
          test.contacts ? 'contacts' : 'contact',
        ]);
      }
    }
    const lists = { timeline: test.timeline, sent: test.sent };
    for (const [list, lines] of Object.entries(lists)) {
      for (const [line, entry] of lines.entries()) {
        const where = ['tests', index, list, 'position' in entry ? entry.position! : line];
        const needed = !('publish' in entry && entry.publish !== undefined);
        if (entry.contact === undefined && names.length > 1 && needed) {
          fault('missing-contact', 'with several contacts every line names its own', `add contact: ${names[0]}`, where);
        } else if (entry.contact !== undefined && !names.includes(entry.contact)) {
          fault(
            'unknown-contact',
            `no contact of this test is called \`${entry.contact}\``,
            `write one of ${names.join(', ')}`,
            [...where, 'contact'],
          );
        }
      }
    }
  }
}

/** What is said of a call must be said of a step that makes one. */
function checkAnswers(content: TestFile, scenarios: readonly CompiledScenario[], fault: AddFault): void {
  for (const [index, { webhooks }] of content.tests.entries()) {
    for (const [line, { scenario, step }] of webhooks.entries()) {
      const steps = scenarios
        .filter(({ id }) => scenario === undefined || scenario === id)
        .flatMap(({ definition }) => Object.entries(definition.steps))
        .flatMap(([id, { kind }]) => (kind === 'webhook' ? [id] : []));
      if (steps.includes(step)) continue;
      const hint = steps.length === 0 ? 'no step here is one' : `write one of ${[...new Set(steps)].join(', ')}`;
      fault('unknown-step', `there is no webhook step \`${step}\``, hint, ['tests', index, 'webhooks', line, 'step']);
    }
  }
}

/** The templates of the nearest `templates/` above a file, else of a folder. */
export async function templatesAround(file: string, templatesDir: string, shelf: Shelf): Promise<Stock> {
  return shelf.templates((await shelf.nearest(TEMPLATES_FOLDER, path.dirname(file))) ?? path.resolve(templatesDir));
}
