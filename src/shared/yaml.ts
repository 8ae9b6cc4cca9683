import {
  LineCounter,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { z } from 'zod';
import type { Fault } from './errors.ts';
import { explain } from './explain.ts';
import type { Path } from './schema-shape.ts';

export { onMissing } from './explain.ts';

export interface Position {
  /** 1-based. */
  line: number;
  column: number;
}

export interface ParsedYaml<T> {
  /** Undefined when there is any fault. */
  value: T | undefined;
  faults: Fault[];
  /**
   * Where a path stands in the file: a plain value itself; for a map or list, its key (or the list's item).
   * What is not in the file is placed at the nearest thing above it that is.
   */
  at: (path: Path) => Position;
}

/** What the library's own messages lack: a code, and words for people. */
const SYNTAX: Record<string, { code: string; message?: string; hint?: string }> = {
  DUPLICATE_KEY: { code: 'duplicate-key', message: 'this key stands twice in one map', hint: 'keep one of the two' },
  MULTIPLE_DOCS: {
    code: 'several-documents',
    message: 'there is more than one document in this file',
    hint: 'keep one document a file, and no --- line after its beginning',
  },
  TAB_AS_INDENT: { code: 'yaml-syntax', message: 'a tab is used to indent', hint: 'indent with spaces' },
  TAG_RESOLVE_FAILED: { code: 'yaml-syntax', hint: 'write the value without a tag' },
};

/**
 * Reads one YAML 1.2 document and holds it to a schema.
 * Every fault names file, line, column, path and, where there is one, the nearest thing that would have been right.
 * @param file as people should see it; only named in faults, never read.
 */
export function parseYaml<T>(source: string, file: string, schema: z.ZodType<T>): ParsedYaml<T> {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    prettyErrors: false,
    strict: true,
    merge: false,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const at = (path: Path): Position => position(offsetOf(document, path, 'value'));

  const syntax = [...document.errors, ...document.warnings].map((error): Fault => {
    const known = SYNTAX[error.code];
    return {
      code: known?.code ?? 'yaml-syntax',
      severity: 'error',
      message: known?.message ?? firstLine(error.message),
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
      file,
      ...position(error.pos[0]),
    };
  });
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `there is no &${alias.source} before *${alias.source}`;
      const hint = 'quote a text that begins with *';
      syntax.push({ code: 'yaml-syntax', severity: 'error', message, hint, file, ...position(alias.range?.[0] ?? 0) });
    },
  });
  if (syntax.length > 0) return { value: undefined, faults: syntax, at };

  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = firstLine((error as Error).message);
    return {
      value: undefined,
      faults: [{ code: 'yaml-syntax', severity: 'error', message, file, line: 1, column: 1 }],
      at,
    };
  }
  if (data === null || data === undefined) {
    const fault: Fault = {
      code: 'wrong-type',
      severity: 'error',
      message: 'the file is empty',
      file,
      line: 1,
      column: 1,
    };
    const empty = schema.safeParse({});
    return empty.success ? { value: empty.data, faults: [], at } : { value: undefined, faults: [fault], at };
  }

  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, faults: [], at };
  const faults = explain(result.error.issues, schema, data).map(({ place, meant: _meant, ...finding }): Fault => ({
    ...finding,
    severity: 'error',
    path: finding.path.join('.'),
    file,
    ...position(offsetOf(document, finding.path, place)),
  }));
  return { value: undefined, faults, at };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;

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
      const wantsValue = last && place === 'value' && !isCollection(pair.value);
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
