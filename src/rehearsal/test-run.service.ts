import { stat } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { findFiles } from '../scenarios/index.ts';
import { formatFault, UserError, type Fault } from '../shared/errors.ts';
import { compare } from './compare.ts';
import { explain } from './explain.ts';
import { playTest } from './run-test.ts';
import { Shelf } from './shelf.service.ts';
import { loadSuite, type TestSuite } from './test-suite.service.ts';
import { Witness } from './witness.ts';

export interface TestResult {
  /** Test file, as people should see it. */
  file: string;
  /** Where the test stands in it. */
  line: number;
  scenario: string;
  name: string;
  passed: boolean;
  /** Why it failed, line by line; empty when it passed. */
  details: string[];
  milliseconds: number;
}

export interface TestRunOptions {
  /** Where templates are when no `templates/` stands above a test file. */
  templatesDir: string;
  /** Replaces the policy of every file. */
  policyFile?: string;
  onResult?: (result: TestResult) => void;
}

/**
 * Runs all scenario tests below the paths; no database, no network.
 * A file that cannot be read is a failed result of its own, so that nothing passes by being broken.
 * Throws UserError for a path that does not exist.
 */
export async function runTests(paths: readonly string[], options: TestRunOptions): Promise<TestResult[]> {
  const shelf = new Shelf();
  const results: TestResult[] = [];
  for (const file of await testFiles(paths)) {
    for await (const result of fileResults(file, options, shelf)) {
      results.push(result);
      options.onResult?.(result);
    }
  }
  return results;
}

async function* fileResults(file: string, options: TestRunOptions, shelf: Shelf): AsyncGenerator<TestResult> {
  const { suite, faults } = await loadSuite(file, options.templatesDir, shelf, options.policyFile);
  if (suite === null) {
    const shown = path.relative('', file);
    yield {
      file: shown,
      line: 1,
      scenario: '',
      name: 'the file can be read',
      passed: false,
      details: faults.map(formatFault),
      milliseconds: 0,
    };
    return;
  }
  for (const index of suite.content.tests.keys()) yield runOne(suite, index);
}

async function runOne(suite: TestSuite, index: number): Promise<TestResult> {
  const test = suite.content.tests[index]!;
  const { line } = suite.at(['tests', index, 'name']);
  const began = performance.now();
  const result = (details: string[]): TestResult => ({
    file: suite.file,
    line,
    scenario: suite.content.scenario,
    name: test.name,
    passed: details.length === 0,
    details,
    milliseconds: performance.now() - began,
  });
  try {
    const outcome = await playTest(suite, test);
    const mismatches = compare(test.expect, outcome);
    if (mismatches.length === 0) return result([]);
    // Played once more, for what nobody needs of a test that passes: the same happens again.
    const witness = new Witness();
    await playTest(suite, test, witness);
    const lineOf = (below: readonly (string | number)[]): number => suite.at(['tests', index, 'expect', ...below]).line;
    return result(
      explain({ test, mismatches, outcome, testimonies: witness.testimonies, policy: suite.policy, lineOf }),
    );
  } catch (error) {
    if (error instanceof UserError)
      return result([error.message, ...error.faults.map((fault: Fault) => formatFault(fault))]);
    return result([error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  }
}

async function testFiles(paths: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const asked of paths) {
    const entry = await stat(asked).catch(() => {
      throw new UserError(`There is no file or folder ${asked}`);
    });
    const found = entry.isDirectory() ? (await findFiles(asked)).tests : await testsOf(asked);
    for (const file of found) files.add(path.resolve(file));
  }
  return [...files];
}

/** A scenario stands for the tests beside it. */
async function testsOf(file: string): Promise<string[]> {
  if (file.endsWith('.test.yaml')) return [file];
  const tests = file.replace(/(?:\.v\d+)?\.yaml$/, '.test.yaml');
  const isThere =
    tests !== file &&
    (await stat(tests).then(
      (entry) => entry.isFile(),
      () => false,
    ));
  if (isThere) return [tests];
  throw new UserError(
    `${file} has no tests: write them beside it, into ${path.basename(file).replace(/\.\w+$/, '')}.test.yaml`,
  );
}
