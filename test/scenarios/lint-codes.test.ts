import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LINT_RULES } from '../../src/scenarios/lint/lint.ts';
import { ROOT } from '../rehearsal/people.ts';

/** Folders whose faults are about files; the codes of others are those of HTTP problems. */
const OF_FILES = ['audience', 'calendar', 'gate', 'pressure', 'rehearsal', 'scenarios', 'shared', 'templates'];

const sources = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|json)$/.test(name))
    .map((name) => readFileSync(path.join(ROOT, folder, name), 'utf8'));

/** Every code that a fault of a file can have: `code: '…'`, and those that small functions are given. */
function codes(): string[] {
  const found = OF_FILES.flatMap((domain) => sources(`src/${domain}`)).flatMap((source) => [
    ...[...source.matchAll(/\bcode: '([a-z0-9]+(?:-[a-z0-9]+)*)'/g)].map((match) => match[1]!),
    ...[
      ...source.matchAll(
        /(?:'error'|'warning'|\bfault\(|\bamong\(\s*|\brefuse\(name|\brefuse\([^)]*)[,\s]*'([a-z0-9]+(?:-[a-z0-9]+)+)'/g,
      ),
    ].map((match) => match[1]!),
  ]);
  return [...new Set([...found, ...Object.keys(LINT_RULES)])].filter((code) => !NOT_OF_FILES.has(code)).sort();
}

/** What zod calls an issue of our own making; and what only `apply` can find, beside the database. */
const NOT_OF_FILES = new Set(['custom', 'lost-step']);

const page = readFileSync(path.join(ROOT, 'docs/lint.md'), 'utf8');
const headings = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n'))]),
);

test('every code has a heading in docs/lint.md, with words below it', () => {
  expect(codes().filter((code) => (headings.get(code) ?? '').trim().length < 10)).toEqual([]);
});

test('every heading is a code', () => {
  // What only `apply` can tell, beside the database, is a fault of the command line.
  const told = sources('src/cli').join('\n');
  expect([...headings.keys()].filter((code) => !codes().includes(code) && !told.includes(`code: '${code}'`))).toEqual(
    [],
  );
});

test('every code has a test', () => {
  const tests = sources('test').join('\n');
  expect(codes().filter((code) => !tests.includes(code))).toEqual([]);
});
