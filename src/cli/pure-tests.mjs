// Which tests need no database, no process and no browser: those whose imports never come to a file that starts one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const STARTS_SOMETHING = ['database', 'service', 'browser', 'built', 'relance', 'process', 'proxy', 'server'].map(
  (name) => path.join('test', 'support', name),
);

const importsOf = (text) => [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => match[1]);

/**
 * Paths of those test files, from the project's root.
 * @param {string} root
 * @returns {string[]}
 */
export function pureTests(root) {
  const answers = new Map();
  const isPure = (file) => {
    const known = answers.get(file);
    if (known !== undefined) return known;
    // A circle adds nothing to what its other files say.
    answers.set(file, true);
    const from = path.relative(root, file);
    const text = readFileSync(file, 'utf8');
    const starts =
      STARTS_SOMETHING.includes(from.replace(/\.(?:ts|mjs)$/, '')) || /from 'node:child_process'/.test(text);
    const pure =
      !starts &&
      importsOf(text)
        .filter((specifier) => /\.(?:ts|mjs)$/.test(specifier))
        .map((specifier) => path.resolve(path.dirname(file), specifier))
        .filter((target) => path.relative(root, target).startsWith(`test${path.sep}`) && existsSync(target))
        .every((target) => isPure(target));
    answers.set(file, pure);
    return pure;
  };
  return readdirSync(path.join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(root, 'test', name))
    .filter((file) => isPure(file))
    .map((file) => path.relative(root, file))
    .sort();
}
