import type { Fault } from '../shared/errors.ts';
import type { Inspection, Place } from './inspect.ts';
import { inspectSource } from './inspect.ts';
import type { Workshop } from './variant.ts';
import { faultPath } from './variant.ts';
import { FILE_NAMES, splitPath } from './variants.ts';

/** Inspects every file of a template once, the texts of meta.yaml included. */
export function inspectFiles(workshop: Workshop): Inspection {
  const faults: Fault[] = [];
  const variables = new Set<string>();
  const inspect = (source: string, place: Place, html: boolean): void => {
    const found = inspectSource(source, place, html);
    faults.push(...found.faults);
    for (const variable of found.variables) variables.add(variable);
  };
  for (const [path, source] of Object.entries(workshop.folder.files)) {
    const { name } = splitPath(path);
    if (name === 'meta.yaml') {
      const read = workshop.metas.get(path)!;
      faults.push(...read.faults);
      for (const key of ['subject', 'preheader'] as const) {
        const text = read.meta[key];
        if (text !== undefined) inspect(text, read.placeOf(key), false);
      }
    } else if ((FILE_NAMES as readonly string[]).includes(name)) {
      inspect(source, { file: faultPath(workshop.folder, path), line: 1, column: 1 }, !name.endsWith('.txt.hbs'));
    }
  }
  return { faults, variables };
}
