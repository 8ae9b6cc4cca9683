import { RE2JS } from 're2js';

/** The longest text a `matches` looks at; a longer one never matches. */
export const PATTERN_INPUT = 256;
const LONGEST_PATTERN = 200;
/**
 * States of a compiled pattern at most. Each character is held against each state once at worst, so that the longest text
 * takes 256,000 steps: 25 milliseconds on a slow machine, whatever the text.
 */
const MOST_STATES = 1_000;

/** What `.` and `\s` stand for in JavaScript (ECMA-262, 22.2.1); RE2 means less by them. */
const ANY = '[^\\n\\r\\x{2028}\\x{2029}]';
const SPACES = '\\t-\\r\\x20\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** An escape, a class, or one character of an expression. */
const TOKEN = /\\p\{[^}]*\}|\\P\{[^}]*\}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/gu;

/**
 * Compiles a regular expression, of JavaScript's syntax with the flag `u`, for RE2, an engine that reads each character once
 * and never goes back: no pattern can hold up other contacts. An expression that it does not know matches nothing; `check`
 * refuses it.
 * @returns whether the expression is found anywhere in a text, case-sensitively
 */
export function compilePattern(source: string): (text: string) => boolean {
  const compiled = compiledBy(source);
  return (text) => compiled !== null && text.length <= PATTERN_INPUT && compiled.test(text);
}

/** Why a regular expression is not accepted; undefined when it is. */
export function patternFault(source: string): string | undefined {
  if (source.length > LONGEST_PATTERN) return `a pattern longer than ${LONGEST_PATTERN} characters`;
  try {
    new RegExp(source, 'u');
  } catch (error) {
    return `not a regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`;
  }
  const compiled = compiledBy(source);
  if (compiled === null)
    return 'no bound on its time: leave out `(?=`, `(?!`, `(?<=`, `(?<!`, `\\1`, `\\k`, and counts beyond a thousand';
  if (compiled.programSize() > MOST_STATES)
    return 'it takes too long on a long text: use smaller numbers in its braces, or `*` and `+`';
  return undefined;
}

function compiledBy(source: string): RE2JS | null {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(asInJavaScript(source)));
  } catch {
    return null;
  }
}

/** The same with `.`, white space and names of scripts spelled out as RE2 knows them. Throws SyntaxError on a named back reference. */
function asInJavaScript(source: string): string {
  return source.replace(TOKEN, (token) => {
    // The translation takes it for a letter.
    if (token === '\\k') throw new SyntaxError('a back reference');
    if (token === '.') return ANY;
    if (token === '\\s') return `[${SPACES}]`;
    if (token === '\\S') return `[^${SPACES}]`;
    const plain = token.replace(/(?<=\\[pP]\{)(?:Script|sc|General_Category|gc)=/gu, '');
    return plain.startsWith('[')
      ? plain.replace(/\\[\s\S]/gu, (escape) => (escape === '\\s' ? SPACES : escape))
      : plain;
  });
}
