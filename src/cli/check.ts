import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { libraryPlaces } from '../config/index.ts';
import { checkTests } from '../rehearsal/index.ts';
import { checkPaths, inOrder, onlyInTests, type CheckResult } from '../scenarios/index.ts';
import { formatFault, type Fault } from '../shared/errors.ts';

/** Registers `relance check`. */
export function register(program: Command): void {
  program
    .command('check')
    .description(
      'lint scenarios, policy, templates and tests: file, line, column, what is wrong, what to write instead',
    )
    .argument('[paths...]', 'files or folders; without any, SCENARIOS_DIR and TEMPLATES_DIR')
    .option('--json', 'print the faults as JSON')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const { scenariosDir: scenarios, templatesDir: templates } = libraryPlaces(process.env);
      const result = await checkAll(paths.length > 0 ? paths : [scenarios, templates], templates);
      process.stdout.write(options.json === true ? `${JSON.stringify(toJson(result), null, 2)}\n` : toText(result));
      if (result.faults.some(isError)) process.exitCode = 1;
    });
}

/** Scenarios with all they are held against, and their tests as they stand; whether those pass is for `relance test`. */
export async function checkAll(paths: readonly string[], templatesDir: string): Promise<CheckResult> {
  const result = await checkPaths(paths, templatesDir);
  const { faults: ofTests, ownPolicies } = await checkTests(result.tests, templatesDir);
  const others = result.faults.map((fault) => onlyInTests(fault, ownPolicies));
  return { ...result, faults: inOrder([...others, ...ofTests]) };
}

const isError = ({ severity }: Fault): boolean => severity === 'error';

function toJson({ faults, checked, tests }: CheckResult): object {
  const errors = faults.filter(isError).length;
  return {
    ok: errors === 0,
    errors,
    warnings: faults.length - errors,
    checked: { ...checked, tests: tests.length },
    faults,
  };
}

function toText({ faults, checked, withoutSchema, tests }: CheckResult): string {
  const errors = faults.filter(isError).length;
  const what = [
    count(checked.scenarios, 'scenario'),
    count(checked.policies, 'policy', 'policies'),
    count(checked.templates, 'template'),
    count(tests.length, 'test file'),
  ];
  const found =
    faults.length === 0
      ? 'nothing wrong'
      : [count(errors, 'error'), count(faults.length - errors, 'warning')].join(', ');
  const lines = [...faults.map(formatFault), `${what.join(', ')} checked: ${found}`];
  const [unaided] = withoutSchema;
  if (unaided !== undefined)
    lines.push(`An editor can check while you type: begin ${unaided} with "${schemaLine(unaided)}"`);
  return `${lines.join('\n')}\n`;
}

const SCHEMAS = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'schemas');

function schemaLine(file: string): string {
  const schema = path.join(SCHEMAS, path.basename(file) === 'policy.yaml' ? 'policy.json' : 'scenario.json');
  return `# yaml-language-server: $schema=${path.relative(path.dirname(path.resolve(file)), schema).replaceAll(path.sep, '/')}`;
}

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;
