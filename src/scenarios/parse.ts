import type { Fault } from '../shared/errors.ts';
import { parseYaml, type Position } from '../shared/yaml.ts';
import { scenarioSchema, type Scenario } from './scenario.schema.ts';

/** A scenario file as read, and where everything in it stands. */
export interface ParsedScenario {
  /** As people should see it. */
  file: string;
  scenario: Scenario;
  at: (path: readonly (string | number)[]) => Position;
}

/** Reads one scenario file. Without a fault there is a scenario, and the other way round. */
export function parseScenario(source: string, file: string): { parsed: ParsedScenario | undefined; faults: Fault[] } {
  const { value, faults, at } = parseYaml(source, file, scenarioSchema);
  return { parsed: value === undefined ? undefined : { file, scenario: value, at }, faults };
}
