import { isCollection, isScalar, visit, type Document, type Scalar, type YAMLError } from 'yaml';
import { clipped } from './shown.ts';

/* What a file is that is no YAML, in words for people: the library names the place where it stopped, which is often far behind the slip. */

/** What is wrong, and at which offset of the text. */
export interface SyntaxFault {
  code: string;
  message: string;
  hint: string;
  offset: number;
}

type Said = Omit<SyntaxFault, 'code' | 'offset'> & { code?: string; offset?: number };

/** The line that an offset lies in, where it begins, and what stands from the offset to its end. */
function lineAt(text: string, offset: number): { line: string; begins: number; rest: string; number: number } {
  const begins = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const stop = end < 0 ? text.length : end;
  const number = text.slice(0, begins).split('\n').length;
  return { line: text.slice(begins, stop).trimEnd(), begins, rest: text.slice(offset, stop).trimEnd(), number };
}

const lineNumber = (text: string, offset: number): number => lineAt(text, offset).number;

/** A text in double quotes as YAML reads them; curly ones around it are taken off. */
const quoted = (text: string): string =>
  JSON.stringify(
    clipped(
      text
        .replace(/\s+#.*$/, '')
        .replaceAll(/^[“”„']+|[“”„']+$/gu, '')
        .trim(),
    ),
  );

/** The last quotation that opens before an offset and ends at it or behind; undefined when none does. */
function quotationAround(document: Document, offset: number): Scalar | undefined {
  let found: Scalar | undefined;
  visit(document, {
    Scalar: (_key, node) => {
      if (node.type?.startsWith('QUOTE') !== true || !node.range) return;
      if (node.range[0] < offset && node.range[1] >= offset - 1 && node.range[0] >= (found?.range?.[0] ?? 0))
        found = node;
    },
  });
  return found;
}

/** Where the innermost `{` or `[` that is open at an offset stands. */
function bracketAround(document: Document, text: string, offset: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Collection: (_key, node) => {
      const [start, end] = node.range ?? [Infinity, 0];
      if (node.flow === true && start < offset && end >= offset - 1 && !/[}\]]/.test(text[end - 1] ?? ''))
        found = start;
    },
  });
  return found;
}

const RULE_PART = /^\s*(?:RRULE|DTSTART|EXDATE|RDATE|FREQ|INTERVAL|COUNT|UNTIL|WKST|BY[A-Z]+)\b[^\n]*$/;

/** A line that is neither a key with its value nor an item of a list. */
function strayLine(text: string, offset: number): Said {
  const { line } = lineAt(text, offset);
  const begins = offset;
  if (RULE_PART.test(line) && /rrule/i.test(text.slice(Math.max(0, offset - 400), offset)))
    return {
      message: 'the rule goes on over several lines',
      hint: 'write it on one line, without DTSTART: rrule: "FREQ=MONTHLY;BYMONTHDAY=1"',
      offset: begins,
    };
  const glued = /^\s*(-\s+)?([\w-]+)[:：](\S.*)$/u.exec(line);
  if (glued !== null && !glued[3]!.startsWith('//'))
    return {
      message: 'no blank follows the colon',
      hint: `write ${glued[1] ?? ''}${glued[2]}: ${clipped(glued[3]!, 40)}`,
      offset: begins,
    };
  const equals = /^\s*([\w-]+)\s*=\s*(.+)$/.exec(line);
  if (equals !== null)
    return {
      message: 'a value follows a colon, not =',
      hint: `write ${equals[1]}: ${clipped(equals[2]!, 40)}`,
      offset: begins,
    };
  return {
    message: `${quoted(line.trim())} is neither a key with its value nor an item of a list`,
    hint: 'write key: value; a text over several lines stands in quotes',
    offset: begins,
  };
}

/** A second `: ` in a line, or a line that is indented as if it belonged to a value that stands already. */
function nested(text: string, offset: number): Said {
  const { line, begins, rest } = lineAt(text, offset);
  if (/^[^"'{[]*:(?:\s|$)/.test(rest)) {
    const key = line.slice(0, offset - begins).trim();
    return {
      message: 'a text with a colon and a blank in it needs quotes',
      hint: `write ${clipped(key)} ${quoted(rest)}`,
    };
  }
  const next = text.indexOf('\n', offset) + 1;
  if (next > 0 && next < text.length)
    return {
      message: `line ${lineNumber(text, next)} is indented deeper than the line above it, which has its value already`,
      hint: 'begin both lines in the same column',
      offset: next + (/^[ \t]*/.exec(text.slice(next))?.[0].length ?? 0),
    };
  return { message: 'a text with a colon and a blank in it needs quotes', hint: `write ${quoted(rest)}` };
}

/** A quotation that never ends, placed where it opens. */
function openQuotation(scalar: Scalar): Said {
  const sign = scalar.type === 'QUOTE_DOUBLE' ? '"' : "'";
  return {
    message: `the quotation that opens here with ${sign} is not closed on its line`,
    hint: `close it with ${sign} at the end of the text`,
    offset: scalar.range![0],
  };
}

/** Something stands behind a value that had ended. */
function behindValue(document: Document, text: string, offset: number): Said {
  const { line, rest, begins } = lineAt(text, offset);
  const before = line.slice(0, offset - begins);
  if (before.includes('{{'))
    return {
      message: 'a value that begins with {{ needs quotes',
      hint: `write ${quoted(line.slice(line.indexOf('{{')))}`,
      offset: begins + line.indexOf('{{'),
    };
  const quotation = quotationAround(document, offset);
  if (quotation !== undefined) {
    const source = text.slice(quotation.range![0], quotation.range![1]);
    if (source.includes('\n')) return openQuotation(quotation);
    const sign = source[0];
    const hint =
      sign === "'"
        ? `write ' twice within single quotes, or use double ones: ${quoted(`${source.slice(1, -1)}'${rest}`.replace(/'$/, ''))}`
        : 'put the whole text into one pair of quotes, and \\" for a quote within it';
    return { message: `${quoted(rest)} stands behind the end of a quotation`, hint, offset: quotation.range![0] };
  }
  if (/^\s*(?:-\s+)?(?:[\w-]+:\s+)?\*/.test(line))
    return {
      message: 'a text that begins with * needs quotes',
      hint: `write ${quoted(line.slice(line.indexOf('*')))}`,
    };
  if (/[|>][+-]?\d?\s*$/.test(before))
    return { message: 'a text after | or > begins on the next line', hint: 'put it on the line below, indented' };
  return {
    message: `${quoted(rest)} stands behind a value that has ended`,
    hint: 'put the whole value in quotes, or take this out',
  };
}

/** A bracket without its other half, placed where it opens. */
function brackets(document: Document, text: string, offset: number): Said | undefined {
  const opened = bracketAround(document, text, offset);
  if (opened === undefined) return undefined;
  const [sign, close] = text[opened] === '{' ? ['{', '}'] : ['[', ']'];
  const stands = text[offset];
  if (stands === '}' || stands === ']')
    return {
      message: `${stands} stands where ${close} would close the ${sign} of line ${lineNumber(text, opened)}`,
      hint: `write ${close}`,
    };
  return {
    message: `the ${sign} that opens here is not closed`,
    hint: `close it with ${close}; what is between the two is indented deeper than the line it begins on`,
    offset: opened,
  };
}

function withinBrackets(text: string, offset: number): Said {
  const { rest } = lineAt(text, offset);
  const comma = /^(\S+)\s+([\w-]+):/.exec(rest);
  if (comma !== null)
    return { message: `a comma is missing before ${comma[2]}`, hint: `write ${clipped(comma[1]!)}, ${comma[2]}: …` };
  return {
    message: 'between { and } a text with a colon needs quotes',
    hint: `write ${quoted(rest.replace(/\s*[}\],].*$/, ''))}`,
  };
}

function say(error: YAMLError, document: Document, text: string): Said {
  const offset = error.pos[0];
  const { rest, line, begins } = lineAt(text, offset);
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return { code: 'duplicate-key', message: 'this key stands twice in one map', hint: 'keep one of the two' };
    case 'MULTIPLE_DOCS':
      return {
        code: 'several-documents',
        message: 'there is more than one document in this file',
        hint: 'keep one document a file, and no --- line after its beginning',
      };
    case 'TAB_AS_INDENT':
      return { message: 'a tab is used to indent', hint: 'indent with spaces' };
    case 'TAG_RESOLVE_FAILED':
      return {
        message: 'a value that begins with ! is read as a tag',
        hint: 'write the value without it, or in quotes',
      };
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (/sequence/.test(error.message))
        return {
          message: 'this - is not in the column of the list above it',
          hint: 'begin every - of a list in the same column',
        };
      return nested(text, offset);
    case 'MULTILINE_IMPLICIT_KEY':
      return strayLine(text, offset);
    case 'MISSING_CHAR': {
      const quotation = /quote/.test(error.message) ? quotationAround(document, offset) : undefined;
      if (quotation !== undefined) return openQuotation(quotation);
      return brackets(document, text, offset) ?? strayLine(text, offset);
    }
    case 'BAD_INDENT':
      return (
        brackets(document, text, offset) ?? {
          message: 'this line is not in the column of the lines it belongs to',
          hint: 'begin all keys of a map, and all - of a list, in the same column',
          offset: begins + (/^\s*/.exec(line)?.[0].length ?? 0),
        }
      );
    case 'BLOCK_IN_FLOW':
      return withinBrackets(text, offset);
    case 'BAD_SCALAR_START':
      return {
        message: `a text that begins with ${rest[0] ?? 'this sign'} needs quotes`,
        hint: `write ${quoted(rest)}`,
      };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${clipped(rest.slice(0, 2))} means nothing within double quotes`,
        hint: 'use single quotes, within which a \\ is a \\',
      };
    case 'BAD_ALIAS':
      return { message: 'a text that begins with * needs quotes', hint: `write ${quoted(rest)}` };
    case 'KEY_OVER_1024_CHARS':
      return { message: 'a key is longer than 1,024 characters', hint: 'write a shorter one' };
    case 'BAD_DIRECTIVE':
      return { message: 'a line that begins with % is read as a directive', hint: 'take it out' };
    case 'RESOURCE_EXHAUSTION':
      return tooDeep(text);
    case 'UNEXPECTED_TOKEN': {
      const close = /^[}\]]/.exec(rest)?.[0];
      if (close !== undefined && /flow-(?:map|seq)-end/.test(error.message))
        return { message: `there is a ${close} too many`, hint: 'take it out' };
      return brackets(document, text, offset) ?? behindValue(document, text, offset);
    }
    default:
      return {
        message: 'this cannot be read as YAML',
        hint: 'check the colons, quotes, brackets and columns of this line and of the one above it',
      };
  }
}

/** How deep maps and lists may lie in each other: further than anybody writes, and far from what exhausts a reader. */
export const DEEPEST = 60;

/** What is said of a file that goes deeper, placed at the first bracket that does where brackets do it. */
export function tooDeep(text: string): SyntaxFault {
  let depth = 0;
  let offset = 0;
  for (let at = 0; at < text.length && depth <= DEEPEST; at++) {
    if (/[{[]/.test(text[at]!)) depth++;
    else if (/[}\]]/.test(text[at]!)) depth--;
    if (depth > DEEPEST) offset = at;
  }
  return {
    code: 'yaml-syntax',
    message: `maps and lists lie more than ${DEEPEST} deep in each other`,
    hint: 'check for brackets that are never closed, or give parts a name under audiences of the policy',
    offset,
  };
}

/**
 * What keeps a text from being read. A key that stands twice is a fault of its own; of everything else only the first is
 * told: what follows one slip of YAML is seldom another.
 */
export function syntaxFaults(document: Document, text: string): SyntaxFault[] {
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const isTwice = ({ code }: YAMLError): boolean => code === 'DUPLICATE_KEY';
  const first = errors.find((error) => !isTwice(error));
  return errors
    .filter((error) => error === first || (isTwice(error) && first === undefined))
    .map((error) => ({ code: 'yaml-syntax', offset: error.pos[0], ...say(error, document, text) }));
}

/** What the library reads without a word, and nobody meant so. */
export function strangeParts(document: Document, text: string): SyntaxFault[] {
  const found: SyntaxFault[] = [];
  const add = (offset: number | undefined, message: string, hint: string, code = 'yaml-syntax'): void => {
    found.push({ code, message, hint, offset: offset ?? 0 });
  };
  const asked = new Set<string>();
  const named: { name: string; offset: number }[] = [];
  let deep = false;
  visit(document, {
    Collection: (_key, _node, path) => {
      if (path.length > 3 * DEEPEST || path.filter(isCollection).length >= DEEPEST) {
        if (!deep) found.push(tooDeep(text));
        deep = true;
        return visit.SKIP;
      }
      return undefined;
    },
    Pair: (_key, { key }) => {
      if (isCollection(key)) {
        const start = key.range?.[0] ?? 0;
        const braces = text.slice(start - 1, start + 1) === '{{';
        if (braces)
          add(
            start - 1,
            'a value that begins with {{ needs quotes',
            `write ${quoted(lineAt(text, start - 1).rest.replace(/\}\}.*$/, '}}'))}`,
          );
        else
          add(
            start,
            'a list or a map stands where a key is needed',
            'write a key that is a text; a value that begins with [ or { needs quotes',
          );
        return visit.SKIP;
      }
      if (isScalar(key) && typeof key.value === 'string' && /^[^\S ]|^[\u200B-\u200D\u2060\uFEFF]/u.test(key.value))
        add(
          key.range?.[0],
          'an invisible character stands before this key',
          'delete what is before it on the line, and indent with plain spaces',
        );
      return undefined;
    },
    Alias: (_key, alias) => {
      asked.add(alias.source);
      if (alias.resolve(document) === undefined)
        add(
          alias.range?.[0],
          `there is no &${clipped(alias.source)} before *${clipped(alias.source)}`,
          'quote a text that begins with *',
        );
    },
    Scalar: (_key, node) => {
      const offset = node.range?.[0] ?? 0;
      if (node.anchor !== undefined) named.push({ name: node.anchor, offset });
      if (typeof node.value !== 'number') return;
      const source = clipped(node.source ?? String(node.value));
      if (!Number.isFinite(node.value))
        add(
          offset,
          `${source} is no number that can be kept`,
          'write a smaller number in digits, or quotes around a text',
          'wrong-value',
        );
      else if (Math.abs(node.value) > Number.MAX_SAFE_INTEGER && /^[-+]?\d+$/.test(source))
        add(offset, `${source} has more digits than a number keeps`, `write it in quotes: "${source}"`, 'wrong-value');
    },
  });
  for (const { name, offset } of named)
    if (!asked.has(name)) {
      const rest = lineAt(text, Math.max(0, text.lastIndexOf('&', offset))).rest;
      add(
        Math.max(0, text.lastIndexOf('&', offset)),
        'a text that begins with & needs quotes',
        `write ${quoted(rest)}`,
      );
    }
  return found;
}
