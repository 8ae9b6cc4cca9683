import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

// Rules of docs/architecture.md that no linter checks.

const ROOT = path.resolve(import.meta.dirname, '..');

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(file) : [file];
  });
}

const sources = filesBelow('src').filter((file) => file.endsWith('.ts'));

/** What is read from outside where a value should come in as an argument: `file:line what`. */
function timeAndChance(file: string, text = readFileSync(path.join(ROOT, file), 'utf8')): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const bare = ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length;
    const called = ts.isCallExpression(node) && node.expression.getText() === 'Date';
    const read = ts.isPropertyAccessExpression(node) && /^(?:Date\.now|Math\.random)$/.test(node.getText());
    if (bare || called || read) {
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const RULE = /(?<![\w/.-])[CDLPST]\d{1,2}[a-z]?(?![\w-]|\.\d)/g;

/** What a test calls itself by: the name in `test('…')`, also behind `.each(…)`. */
function isTestName(node: ts.Node): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node) return false;
  return /^(?:test|it|describe)\b/.test(call.expression.getText());
}

/** The numbers of rules that comments and the names of tests cite. */
function citedRules(file: string, text = readFileSync(path.join(ROOT, file), 'utf8')): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const read = (position: number, piece: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(position);
    for (const [number] of piece.matchAll(RULE)) found.push(`${file}:${line + 1} ${number}`);
  };
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      read(pos, text.slice(pos, end));
    }
    if (ts.isStringLiteralLike(node) && isTestName(node)) read(node.getStart(), node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The rules that docs/rules.md and docs/law.md define: a number in bold at the beginning of its item or row. */
const definedRules = ['rules', 'law'].flatMap((page) => {
  const text = readFileSync(path.join(ROOT, `docs/${page}.md`), 'utf8');
  return [...text.matchAll(/^(?:- |\| )\*\*([CDLPST]\d{1,2}[a-z]?)\*\*/gm)].map((match) => match[1]!);
});

describe('the house', () => {
  test('every rule that sources, tests and documents cite by number is defined in docs/rules.md or docs/law.md', () => {
    const code = [...sources, ...filesBelow('test'), ...filesBelow('bench')].filter((file) => file.endsWith('.ts'));
    const pages = filesBelow('docs').filter((file) => file.endsWith('.md'));
    const cited = [
      ...code.flatMap((file) => citedRules(file)),
      ...pages.flatMap((file) =>
        [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(RULE)].map(([number]) => `${file} ${number}`),
      ),
    ];
    expect(cited.length).toBeGreaterThan(300);
    expect(cited.filter((place) => !definedRules.includes(place.split(' ').at(-1)!))).toEqual([]);
  });

  test.each([
    ['// why (rule D77)', ['x.ts:1 D77']],
    ["test.each([1])('P9, C5a: %s holds', () => {});", ['x.ts:1 P9', 'x.ts:1 C5a']],
    ["const url = 'T12:00/S3'; test('goes to L2', f); // T00:00 x.S4", ['x.ts:1 L2']],
  ])('the search for cited rules reads %j', (text, found) => {
    expect(citedRules('x.ts', text)).toEqual(found);
  });

  test('no rule is defined twice', () => {
    expect(new Set(definedRules).size).toBe(definedRules.length);
  });

  test('time and chance are read in shared/ only', () => {
    const elsewhere = sources.filter((file) => !file.startsWith('src/shared/'));
    expect(elsewhere.flatMap((file) => timeAndChance(file))).toEqual([]);
  });

  test.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = new Date;',
    'Date();',
    '[1].map(Math.random)',
  ])('the search for them finds %s', (text) => {
    expect(timeAndChance('x.ts', text)).toHaveLength(1);
  });

  test('the search for them passes over dates made from values', () => {
    expect(timeAndChance('x.ts', 'new Date(now); Date.UTC(2026, 1); Math.floor(1); // Date.now()')).toEqual([]);
  });

  test('no file is longer than 400 lines', () => {
    const long = sources.filter((file) => readFileSync(path.join(ROOT, file), 'utf8').split('\n').length > 401);
    expect(long).toEqual([]);
  });

  test('no folder is named after nothing', () => {
    expect(sources.filter((file) => /\/(?:utils?|common|helpers?|core|misc|lib)\//.test(file))).toEqual([]);
  });

  test('no test is skipped, focused or left for later', () => {
    const marks = /\b(?:test|it|describe)\.(?:skip|only|todo|failing)\b|\bx(?:test|it|describe)\(|\bf(?:it|describe)\(/;
    const tests = filesBelow('test').filter((file) => file.endsWith('.test.ts') && file !== 'test/house.test.ts');
    expect(tests.filter((file) => marks.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
  });
});
