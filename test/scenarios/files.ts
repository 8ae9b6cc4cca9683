import { parseScenario, type ParsedScenario } from '../../src/scenarios/index.ts';
import { formatFault } from '../../src/shared/errors.ts';

/** The head every scenario file needs, without trigger and steps. */
export const HEAD = `scenario: hello-there
programme: welcome
name: Hello
category: marketing
purpose: newsletter
sender: brand
`;

/** A whole file around steps, or other lines, given as YAML. */
export function file(steps: string, more = 'trigger: { event: Signed Up }\n'): string {
  return `${HEAD}${more}steps:\n${steps.replace(/^\n/, '').replace(/\s*$/, '\n')}`;
}

/** Reads a file that must have no fault. */
export function read(source: string, name = 'scenarios/welcome/hello-there.yaml'): ParsedScenario {
  const { parsed, faults } = parseScenario(source, name);
  if (parsed === undefined) throw new Error(faults.map(formatFault).join('\n'));
  return parsed;
}

/** The faults of a file as `line:column code message — hint`. */
export function faultsOf(source: string): string[] {
  return parseScenario(source, 'hello-there.yaml').faults.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` — ${hint}`}`,
  );
}
