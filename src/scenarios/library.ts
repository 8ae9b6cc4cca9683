import { parsePolicy, policyVersion } from '../gate/index.ts';
import { UserError } from '../shared/errors.ts';
import { compileScenario } from './compile.ts';
import type { CompiledScenario, Library } from './machine.ts';
import { parseScenario } from './parse.ts';

/** A scenario version as published. */
export interface PublishedScenario {
  id: string;
  version: number;
  source: string;
  /** Named in faults. */
  path: string;
  /** It takes nobody in any more; those inside go on. */
  retired: boolean;
}

/** What is published, as stored. */
export interface PublishedLibrary {
  revision: number;
  /** Every version of every scenario. */
  scenarios: readonly PublishedScenario[];
  /** The newest version. */
  policy: { version: number; source: string };
  /** The newest version of each. */
  templates: readonly { id: string; version: number }[];
}

/** Versions compiled so far. They never change (rule D8), so a new library takes them over. */
export type CompiledVersions = Map<string, CompiledScenario>;

/**
 * What the engine runs by. The newest versions are compiled at once, so that a fault shows here; older ones when the
 * first contact who is still inside one moves. Throws UserError when a published source can no longer be read.
 */
export function buildLibrary(published: PublishedLibrary, compiled: CompiledVersions = new Map()): Library {
  const { policy, faults } = readPolicy(published.policy);
  if (policy === undefined)
    throw new UserError(`The published policy, version ${published.policy.version}, cannot be used`, faults);

  const rows = new Map(published.scenarios.map((row) => [key(row.id, row.version), row]));
  const newest = new Map<string, PublishedScenario>();
  for (const row of published.scenarios) if (row.version > (newest.get(row.id)?.version ?? 0)) newest.set(row.id, row);
  const templates = new Map(published.templates.map(({ id, version }) => [id, version]));

  const versionOf = (row: PublishedScenario): CompiledScenario => {
    const name = key(row.id, row.version);
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const made = compilePublished(row);
    compiled.set(name, made);
    return made;
  };

  return libraryOf({
    revision: published.revision,
    policy,
    live: [...newest.values()]
      .filter(({ retired }) => !retired)
      .sort(byId)
      .map(versionOf),
    scenario: (id, version) => {
      const row = rows.get(key(id, version));
      return row === undefined ? undefined : versionOf(row);
    },
    templateVersion: (template) => templates.get(template),
  });
}

/** A library of versions that are compiled already: what `test` and `rehearse` run by. */
export function libraryOf(parts: Omit<Library, 'triggeredBy'>): Library {
  const triggered = new Map<string, CompiledScenario[]>();
  for (const scenario of parts.live) {
    const { trigger } = scenario.definition;
    if (trigger.kind !== 'event') continue;
    const others = triggered.get(trigger.event);
    if (others === undefined) triggered.set(trigger.event, [scenario]);
    else others.push(scenario);
  }
  return { ...parts, triggeredBy: (event) => triggered.get(event) ?? NONE };
}

const NONE: readonly CompiledScenario[] = [];

const key = (id: string, version: number): string => `${id} ${version}`;

/** So that every process lets contacts in in the same order, whatever order the rows came in. */
const byId = (a: PublishedScenario, b: PublishedScenario): number => (a.id < b.id ? -1 : 1);

function readPolicy({ version, source }: PublishedLibrary['policy']) {
  const { value, faults } = parsePolicy(source, 'policy.yaml');
  return { policy: value === undefined ? undefined : policyVersion(version, value), faults };
}

function compilePublished({ id, version, source, path }: PublishedScenario): CompiledScenario {
  const { parsed, faults } = parseScenario(source, path);
  if (parsed === undefined)
    throw new UserError(`The published scenario ${id}, version ${version}, cannot be used`, faults);
  return compileScenario(parsed.scenario, version);
}
