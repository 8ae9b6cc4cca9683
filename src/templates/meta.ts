import type { Fault } from '../shared/errors.ts';
import { parseYaml } from '../shared/yaml.ts';
import type { Place } from './inspect.ts';
import type { Meta } from './meta.schema.ts';
import { metaSchema } from './meta.schema.ts';

/** A meta.yaml as read. */
export interface ReadMeta {
  meta: Meta;
  /** False when it has faults: then nothing is known of what it says. */
  readable: boolean;
  faults: Fault[];
  /** Where the text of a key begins, for faults inside it. */
  placeOf(key: 'subject' | 'preheader'): Place;
}

/** Reads one meta.yaml; what cannot be read is told as faults, and left out. `file` is how faults name it. */
export function readMeta(source: string, file: string): ReadMeta {
  const { value, faults, at } = parseYaml(source, file, metaSchema);
  const lines = source.split('\n');
  const placeOf = (key: string): Place => {
    const { line, column } = at([key]);
    const begins = lines[line - 1]?.[column - 1];
    if (begins === '|' || begins === '>') return { file, line: line + 1, column: 1 };
    return { file, line, column: column + (begins === '"' || begins === "'" ? 1 : 0) };
  };
  // A file that has nothing but comments says nothing, which is no fault.
  return {
    meta: value ?? {},
    readable: value !== undefined,
    faults: faults.map((fault) => ({ ...fault, code: 'template-meta' })),
    placeOf,
  };
}
