import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { z } from 'zod';
import type { Fault } from './errors.ts';
import { explain } from './explain.ts';
import { isReservedName, RESERVED_NAME } from './reserved-names.ts';
import type { Path } from './schema-shape.ts';
import { clipped } from './shown.ts';
import { strangeParts, syntaxFaults, type SyntaxFault } from './yaml-syntax.ts';

export { onMissing } from './explain.ts';

export interface Position {
  /** 1-based. */
  line: number;
  column: number;
}

export interface ParsedYaml<T> {
  /** Undefined when there is any fault. */
  value: T | undefined;
  /** What stands in the file whatever its format; undefined when it is no YAML. */
  data: unknown;
  faults: Fault[];
  /**
   * Where a path stands in the file: a plain value itself; for a map or list, its key (or the list's item).
   * What is not in the file is placed at the nearest thing above it that is.
   */
  at: (path: Path) => Position;
}

/** Nobody mends more than this at once: of the rest of a file it is said how many there are. */
const MOST = 25;

/**
 * Reads one YAML 1.2 document and holds it to a schema.
 * Every fault names file, line, column, path and, where there is one, the nearest thing that would have been right.
 * @param file as people should see it; only named in faults, never read.
 */
export function parseYaml<T>(source: string, file: string, schema: z.ZodType<T>): ParsedYaml<T> {
  // A line may end as on old Macs (YAML 1.2, 5.4), which the library does not know; places stay where they are.
  const text = (source.startsWith('\uFEFF') ? source.slice(1) : source).replaceAll(/\r(?!\n)/g, '\n');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    prettyErrors: false,
    strict: true,
    merge: false,
    logLevel: 'error',
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const at = (path: Path): Position => position(offsetOf(document, path, 'value'));
  const placed = ({ offset, ...found }: SyntaxFault): Fault => ({
    ...found,
    severity: 'error',
    file,
    ...position(offset),
  });
  const refused = (faults: SyntaxFault[], data?: unknown): ParsedYaml<T> => ({
    value: undefined,
    data,
    faults: atMost(faults.map(placed)),
    at,
  });

  const syntax = syntaxFaults(document, text);
  if (syntax.length > 0) return refused(syntax);
  const strange = strangeParts(document, text);
  if (strange.length > 0) return refused(strange);

  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch {
    const hint = 'write out what *names repeat';
    return refused([{ code: 'yaml-syntax', message: 'aliases repeat more than can be kept', hint, offset: 0 }]);
  }
  const reserved = reservedNames(document);
  if (reserved.length > 0) return refused(reserved, data);
  if (data === null || data === undefined) {
    const empty = schema.safeParse({});
    if (empty.success) return { value: empty.data, data: {}, faults: [], at };
    const hint = 'write something into it, or delete it';
    return refused([{ code: 'wrong-type', message: 'the file is empty', hint, offset: 0 }], data);
  }

  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, data, faults: [], at };
  const written = (path: Path): string | undefined => sourceOf(document, path);
  const explained = explain(result.error.issues, schema, data, written);
  const found = explained.slice(0, MOST + 1).map(({ place, meant: _meant, ...finding }): Fault => {
    const offset = offsetOf(document, finding.path, place);
    return {
      ...finding,
      ...seenInFile(finding, text, offset),
      severity: 'error',
      path: finding.path.map((part) => clipped(String(part))).join('.'),
      file,
      ...position(offset),
    };
  });
  return { value: undefined, data, faults: atMost(found, explained.length), at };
}

/** All of them, or as many as somebody reads and how many there are more. `count`: how many there are. */
function atMost(faults: Fault[], count = faults.length): Fault[] {
  if (count <= MOST) return faults;
  const { file, line, column } = faults[MOST]!;
  const more: Fault = {
    code: 'more-faults',
    severity: 'error',
    message: `${count - MOST} more faults in this file`,
    hint: 'mend those above, and check again',
    ...(file === undefined ? {} : { file, line, column }),
  };
  return [...faults.slice(0, MOST), more];
}

/** Keys that no map of people's names can keep. */
function reservedNames(document: Document): SyntaxFault[] {
  const found: SyntaxFault[] = [];
  visit(document, {
    Pair: (_key, { key }) => {
      if (!isScalar(key) || !isReservedName(String(key.value))) return;
      const { code, hint } = RESERVED_NAME.params;
      found.push({
        code,
        message: `"${String(key.value)}" is ${RESERVED_NAME.error}`,
        hint,
        offset: key.range?.[0] ?? 0,
      });
    },
  });
  return found;
}

/** What the file shows and the value does not: a # that begins a comment (`colour: #23543f`), colons without a blank. */
function seenInFile(finding: { message: string; hint?: string }, text: string, offset: number): { hint?: string } {
  const glued = /^the text "[\w-]+:[^\s/].* stands where a map/.test(finding.message);
  if (glued) return { hint: 'write a blank after each colon' };
  if (!finding.message.startsWith('nothing stands where')) return {};
  const line = text.slice(offset, text.indexOf('\n', offset) < 0 ? undefined : text.indexOf('\n', offset));
  const comment = /^[^#]*:\s+(#\S[^\n]*)$/.exec(line)?.[1];
  return comment === undefined
    ? {}
    : { hint: `a # begins a comment: write ${JSON.stringify(clipped(comment.trimEnd()))}, in quotes` };
}

/** How a plain value is written in the file; undefined for texts in quotes, maps and lists. */
function sourceOf(document: Document, path: Path): string | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path.map(String), true);
  return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined;
}

/** Offset of a path's value or key, or of the nearest thing above it that is in the file. */
function offsetOf(document: Document, path: Path, place: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [depth, part] of path.entries()) {
    const last = depth === path.length - 1;
    if (isNode(node) && 'resolve' in node) node = (node as unknown as { resolve(d: Document): Node }).resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) return offset;
      const empty = isScalar(pair.value) && pair.value.value === null && pair.value.source === '';
      const wantsValue = last && place === 'value' && !isCollection(pair.value) && !empty;
      offset = (wantsValue ? start(pair.value) : undefined) ?? start(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = start(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

const start = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
