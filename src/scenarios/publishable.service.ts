import { stat } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../shared/clock.ts';
import { UserError, type Fault } from '../shared/errors.ts';
import {
  findFiles,
  inOrder,
  nearestAbove,
  POLICY_FILE,
  readLibraryFiles,
  readPolicy,
  readScenario,
  readTemplates,
  TEMPLATES_FOLDER,
  type LibraryFiles,
} from './files.service.ts';
import { lintLibrary } from './lint/lint.ts';
import type { ParsedScenario } from './parse.ts';
import type { Publishable } from './plan.ts';

export interface LibraryPlaces {
  scenariosDir: string;
  templatesDir: string;
}

/** What may be published, and the warnings that do not forbid it. */
export interface ReadyFiles {
  files: Publishable;
  warnings: Fault[];
}

/**
 * Reads the whole library. Throws UserError with every error that lint found, and when there is no scenario at all:
 * an empty or mistyped folder must not retire everything.
 */
export async function readyLibrary(places: LibraryPlaces): Promise<ReadyFiles> {
  const read = await readLibraryFiles(places);
  if (read.scenarios.length === 0) {
    throw new UserError(`There is no scenario in ${places.scenariosDir}: write one, or point SCENARIOS_DIR elsewhere`);
  }
  return ready(read, { complete: true, withPolicy: true });
}

/**
 * Reads only what lies at or below the paths: scenarios with the templates they send, folders of templates, the policy
 * when it is among them. They are held against the policy and the templates nearest to the first path. Nothing is
 * retired. Throws UserError as `readyLibrary` does, and for a path that does not exist.
 */
export async function readyPaths(paths: readonly string[], places: LibraryPlaces): Promise<ReadyFiles> {
  const asked = await Promise.all(paths.map((given) => placeAt(path.resolve(given))));
  const folder = asked[0]!.folder;
  const templatesDir = path.resolve((await nearestAbove(TEMPLATES_FOLDER, folder)) ?? places.templatesDir);
  const policyFile = path.resolve(
    (await nearestAbove(POLICY_FILE, folder)) ?? path.join(places.scenariosDir, POLICY_FILE),
  );

  const files = new Set<string>();
  for (const { place, isFile } of asked) {
    if (isWithin(place, templatesDir)) continue;
    if (!isFile) for (const file of (await findFiles(place)).scenarios) files.add(file);
    else if (place !== policyFile) files.add(place);
  }
  const isAsked = (place: string): boolean =>
    asked.some((one) => isWithin(place, one.place) || isWithin(one.place, place));
  const scenarios = await Promise.all([...files].map(readScenario));
  const sent = templatesSentBy(scenarios.flatMap(({ value }) => value ?? []));
  const policy = await readPolicy(policyFile);
  // The policy sends one by itself.
  if (policy.value?.doubleOptIn !== undefined) sent.add(policy.value.doubleOptIn.template);
  const templates = (await readTemplates(templatesDir)).filter(
    ({ folder: { id } }) => sent.has(id) || isAsked(path.join(templatesDir, id)),
  );
  const lint = lintLibrary({
    scenarios: scenarios.flatMap(({ value }) => value ?? []),
    policy: policy.value,
    policyFile: policy,
    templates: templates.map(({ info }) => info),
    now: systemClock.now(),
  });
  const faults = inOrder([
    ...[...scenarios, policy, ...templates.map(({ info }) => info)].flatMap((read) => read.faults),
    ...lint,
  ]);
  return ready({ scenarios, policy, templates, faults }, { complete: false, withPolicy: isAsked(policyFile) });
}

function ready(
  { scenarios, policy, templates, faults }: LibraryFiles,
  { complete, withPolicy }: { complete: boolean; withPolicy: boolean },
): ReadyFiles {
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new UserError('Nothing is published while there are errors', errors);
  return {
    files: {
      scenarios: scenarios.flatMap(({ file, source, value }) =>
        value === undefined ? [] : [{ id: value.scenario.scenario, path: file, source }],
      ),
      policy: withPolicy ? { source: policy.source } : null,
      templates: templates.map(({ folder }) => folder),
      complete,
    },
    warnings: faults.filter(({ severity }) => severity === 'warning'),
  };
}

function templatesSentBy(scenarios: readonly ParsedScenario[]): Set<string> {
  const steps = scenarios.flatMap(({ scenario }) => Object.values(scenario.steps));
  return new Set(steps.flatMap((step) => (step.kind === 'send' ? [step.template] : [])));
}

async function placeAt(place: string): Promise<{ place: string; folder: string; isFile: boolean }> {
  const entry = await stat(place).catch(() => {
    throw new UserError(`There is no file or folder ${place}`);
  });
  const isFile = !entry.isDirectory();
  return { place, folder: isFile ? path.dirname(place) : place, isFile };
}

function isWithin(inner: string, outer: string): boolean {
  const below = path.relative(outer, inner);
  return below === '' || (!below.startsWith('..') && !path.isAbsolute(below));
}
