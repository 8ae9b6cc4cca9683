import type { Fault } from '../shared/errors.ts';
import { parseYaml, type Position } from '../shared/yaml.ts';
import { otherFile } from './other-file.ts';
import { scenarioSchema, type Scenario } from './scenario.schema.ts';

/** A scenario file as read, and where everything in it stands. */
export interface ParsedScenario {
  /** As people should see it. */
  file: string;
  scenario: Scenario;
  at: (path: readonly (string | number)[]) => Position;
}

/** A scenario file that has faults: what of it can be held against what stands around it all the same. */
export interface DraftScenario {
  file: string;
  /** As it stands in the file, whatever its form. */
  data: unknown;
  at: ParsedScenario['at'];
  /** Paths that have a fault already. */
  faulty: ReadonlySet<string>;
}

/** Reads one scenario file. Without a fault there is a scenario, else what there is of one. */
export function parseScenario(
  source: string,
  file: string,
): { parsed: ParsedScenario | undefined; draft?: DraftScenario; faults: Fault[] } {
  const { value, data, faults, at } = parseYaml(source, file, scenarioSchema);
  if (value !== undefined) return { parsed: { file, scenario: value, at }, faults };
  const other = otherFile(data, 'scenario', file);
  if (other !== undefined) return { parsed: undefined, faults: [other] };
  const faulty = new Set(faults.flatMap(({ path }) => path ?? []));
  return { parsed: undefined, draft: { file, data, at, faulty }, faults };
}
