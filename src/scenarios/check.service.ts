import { stat } from 'node:fs/promises';
import path from 'node:path';
import { systemClock, type Instant } from '../shared/clock.ts';
import { UserError, type Fault } from '../shared/errors.ts';
import {
  findFiles,
  inOrder,
  kindOf,
  nearestAbove,
  POLICY_FILE,
  readPolicy,
  readScenario,
  readTemplates,
  TEMPLATES_FOLDER,
  type FoundFiles,
} from './files.service.ts';
import { mentionsOf } from './lint/draft.ts';
import { lintLibrary } from './lint/lint.ts';

export interface CheckResult {
  faults: Fault[];
  /** How many files, and folders of a template, were looked at. */
  checked: { scenarios: number; policies: number; templates: number };
  /** Files whose first line does not tell editors where their schema is. */
  withoutSchema: string[];
  /** Scenario test files below the paths, which are read elsewhere. */
  tests: string[];
}

/**
 * Reads and lints everything below the paths: files, folders of scenarios, folders of templates.
 * A scenario is held against the nearest `policy.yaml` and the nearest `templates/` in its folder or above it, else
 * against `templatesDir`; a template outside the paths is reported only when a scenario uses it.
 * Dates are past by `now`. Throws `UserError` for a path that does not exist.
 */
export async function checkPaths(
  paths: readonly string[],
  templatesDir: string,
  now: Instant = systemClock.now(),
): Promise<CheckResult> {
  const found = await findAll(paths);
  const scenarios = await Promise.all(
    found.scenarios.map(async (file) => ({
      ...(await readScenario(file)),
      company: await companyOf(file, templatesDir),
    })),
  );
  const companies = await companiesOf(scenarios, found.policies, templatesDir);
  const used = new Set(companies.map((company) => company.templates));
  const policies = await readEach([...found.policies, ...companies.map((company) => company.policy)], readPolicy);
  const templates = await readEach([...found.templates, ...used], readTemplates);

  const faults: Fault[] = [...scenarios, ...policies.values()].flatMap((read) => read.faults);
  const sent = new Set<string>();
  for (const company of companies) {
    const beside = scenarios.filter((read) => JSON.stringify(read.company) === JSON.stringify(company));
    const together = beside.flatMap(({ value }) => value ?? []);
    const drafts = beside.flatMap(({ draft }) => draft ?? []);
    for (const { kind, name } of drafts.flatMap(mentionsOf))
      if (kind === 'template') sent.add(path.join(company.templates, name));
    for (const { scenario } of together)
      for (const step of Object.values(scenario.steps))
        if (step.kind === 'send') sent.add(path.join(company.templates, step.template));
    const policy = policies.get(company.policy);
    const confirmation = policy?.value?.doubleOptIn?.template;
    if (confirmation !== undefined) sent.add(path.join(company.templates, confirmation));
    faults.push(
      ...lintLibrary({
        scenarios: together,
        drafts,
        policy: policy?.value,
        policyFile: policy,
        templates: (templates.get(company.templates) ?? []).map(({ info }) => info),
        now,
      }),
    );
  }
  const looked = [...templates].flatMap(([directory, read]) =>
    read.filter(({ info }) => found.templates.includes(directory) || sent.has(path.join(directory, info.id))),
  );
  faults.push(...looked.flatMap(({ info }) => info.faults));
  return {
    faults: inOrder(faults),
    checked: { scenarios: scenarios.length, policies: policies.size, templates: looked.length },
    withoutSchema: [...scenarios, ...policies.values()]
      .filter(({ source }) => !SCHEMA_LINE.test(source))
      .map(({ file }) => file),
    tests: found.tests,
  };
}

const SCHEMA_LINE = /^\uFEFF?# yaml-language-server: \$schema=/;

/** What a scenario is held against. */
interface Company {
  policy: string;
  templates: string;
}

async function companyOf(file: string, templatesDir: string): Promise<Company> {
  const folder = path.dirname(file);
  return {
    policy: (await nearestAbove(POLICY_FILE, folder)) ?? path.join(folder, POLICY_FILE),
    templates: (await nearestAbove(TEMPLATES_FOLDER, folder)) ?? path.resolve(templatesDir),
  };
}

/** Every policy with what is judged by it, each once: those of the scenarios, and those that were asked for alone. */
async function companiesOf(
  scenarios: readonly { company: Company }[],
  policies: readonly string[],
  templatesDir: string,
): Promise<Company[]> {
  const alone = await Promise.all(policies.map((policy) => companyOf(policy, templatesDir)));
  const all = [...scenarios.map(({ company }) => company), ...alone];
  return [...new Map(all.map((company) => [JSON.stringify(company), company])).values()];
}

/** Reads each file or folder once. */
async function readEach<T>(places: readonly string[], read: (place: string) => Promise<T>): Promise<Map<string, T>> {
  return new Map(
    await Promise.all([...new Set(places)].map(async (place): Promise<[string, T]> => [place, await read(place)])),
  );
}

/** Everything below the paths, absolute, each once. */
async function findAll(paths: readonly string[]): Promise<FoundFiles> {
  const found: FoundFiles = { scenarios: [], tests: [], policies: [], templates: [] };
  for (const asked of paths.map((each) => path.resolve(each))) {
    const entry = await stat(asked).catch(() => {
      throw new UserError(`There is no file or folder ${asked}`);
    });
    const templates = templatesAround(asked);
    if (templates !== undefined) found.templates.push(templates);
    else if (entry.isDirectory()) {
      const below = await findFiles(asked);
      for (const kind of Object.keys(found) as (keyof FoundFiles)[]) found[kind].push(...below[kind]);
    } else found[kindOf(path.basename(asked)) ?? 'scenarios'].push(asked);
  }
  for (const kind of Object.keys(found) as (keyof FoundFiles)[]) found[kind] = [...new Set(found[kind])];
  return found;
}

/** The folder of templates that a path is or lies in. */
function templatesAround(asked: string): string | undefined {
  const parts = asked.split(path.sep);
  const at = parts.lastIndexOf(TEMPLATES_FOLDER);
  return at < 0 ? undefined : parts.slice(0, at + 1).join(path.sep);
}
