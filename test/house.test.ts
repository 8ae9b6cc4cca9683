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

describe('the house', () => {
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
