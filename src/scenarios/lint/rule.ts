import type { Policy } from '../../gate/index.ts';
import type { TemplateInfo } from '../../templates/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Fault } from '../../shared/errors.ts';
import { suggestion } from '../../shared/nearest.ts';
import type { ParsedYaml } from '../../shared/yaml.ts';
import type { StepFlow } from '../flow.ts';
import type { DraftScenario, ParsedScenario } from '../parse.ts';

/** A policy that was read, in its file. */
export interface PolicyFile {
  file: string;
  value: Policy | undefined;
  /** Absent for one that is not there. */
  at?: ParsedYaml<Policy>['at'];
}

/** All that is looked at together. */
export interface LintInput {
  scenarios: readonly ParsedScenario[];
  /** Scenarios with faults, as far as they can be looked at all the same. */
  drafts?: readonly DraftScenario[];
  /** Undefined when there is none, or none that could be read: then nothing is held against it. */
  policy: Policy | undefined;
  /** Where it was read; absent where it stands in no file of its own. */
  policyFile?: PolicyFile;
  templates: readonly TemplateInfo[];
  /** Dates are past or to come by it. */
  now: Instant;
}

/** One scenario with its flow resolved, and all that it stands among. */
export interface LintSubject extends ParsedScenario {
  flow: ReadonlyMap<string, StepFlow>;
  library: LintInput;
}

/** One rule of docs/lint.md. Pure. */
export type LintRule = (subject: LintSubject) => Fault[];

/** A fault of a rule, placed where it stands in the file. */
export function faultAt(
  subject: ParsedScenario,
  path: readonly (string | number)[],
  fault: { code: string; message: string; hint?: string; severity?: Fault['severity'] },
): Fault {
  return { severity: 'error', ...fault, path: path.join('.'), file: subject.file, ...subject.at(path) };
}

/** What to write instead of a name that is not there. */
export function instead(name: string, known: Iterable<string>): { hint?: string } {
  return suggestion(name, known);
}
