import { distance } from 'fastest-levenshtein';
import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { Fault } from '../shared/errors.ts';
import type { Place } from './inspect.ts';
import type { Meta } from './meta.schema.ts';
import { metaSchema } from './meta.schema.ts';

/** A meta.yaml as read. */
export interface ReadMeta {
  meta: Meta;
  faults: Fault[];
  /** Where the text of a key begins, for faults inside it. */
  placeOf(key: 'subject' | 'preheader'): Place;
}

/** Reads one meta.yaml; what cannot be read is told as faults, and left out. `file` is how faults name it. */
export function readMeta(source: string, file: string): ReadMeta {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, version: '1.2' });
  const at = (path: readonly PropertyKey[]): { line: number; column: number } => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  };
  const placeOf = (key: string): Place => {
    const node = document.getIn([key], true);
    const { line, column } = at([key]);
    if (!isScalar(node)) return { file, line, column };
    if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return { file, line: line + 1, column: 1 };
    return { file, line, column: column + (node.type === 'PLAIN' ? 0 : 1) };
  };
  const faults: Fault[] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = error.message.split('\n')[0]!.replace(/ at line .*$/, '');
    return { code: 'template-meta', severity: 'error', message, file, line, column: col };
  });
  if (faults.length > 0) return { meta: {}, faults, placeOf };
  const value: unknown = document.toJS() ?? {};
  const parsed = metaSchema.safeParse(value);
  if (parsed.success) return { meta: parsed.data, faults, placeOf };
  const known = Object.keys(metaSchema.shape);
  for (const issue of parsed.error.issues) {
    if (issue.code !== 'unrecognized_keys') {
      faults.push({
        code: 'template-meta',
        severity: 'error',
        message: issue.message,
        path: issue.path.join('.'),
        file,
        ...at(issue.path),
      });
      continue;
    }
    for (const key of issue.keys) {
      const names = issue.path.length === 0 ? known : ['contact', 'event', 'enrollment', 'data', 'sender'];
      const near = names.reduce((best, next) => (distance(key, next) < distance(key, best) ? next : best));
      const path = [...issue.path, key];
      const hint = `did you mean "${near}"? keys are ${names.join(', ')}`;
      faults.push({
        code: 'template-meta',
        severity: 'error',
        message: `there is no key "${key}"`,
        hint,
        path: path.join('.'),
        file,
        ...at(path),
      });
    }
  }
  return { meta: {}, faults, placeOf };
}
