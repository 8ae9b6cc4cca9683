import path from 'node:path';
import { findFiles, nearestAbove, readPolicy, readScenario } from '../scenarios/index.ts';
import { readTemplateFolders, TemplateCache, type TemplateFolder } from '../templates/index.ts';

/** Templates of a folder, compiled when they are first sent. */
export interface Stock {
  cache: TemplateCache;
  ids: ReadonlySet<string>;
}

/**
 * What stands around test files, read once a run however many of them there are: a thousand files that each looked
 * through their folder again would spend their time on that alone.
 */
export class Shelf {
  private readonly kept = new Map<string, Promise<unknown>>();

  /** The scenario files of a folder and those below it, by name. */
  scenarioFiles(folder: string): Promise<ReadonlyMap<string, string[]>> {
    return this.once(`files ${folder}`, async () => {
      const byName = new Map<string, string[]>();
      for (const file of (await findFiles(folder)).scenarios) {
        const name = path.basename(file, '.yaml');
        byName.set(name, [...(byName.get(name) ?? []), file]);
      }
      return byName;
    });
  }

  scenario(file: string): ReturnType<typeof readScenario> {
    return this.once(`scenario ${file}`, () => readScenario(file));
  }

  policy(file: string): ReturnType<typeof readPolicy> {
    return this.once(`policy ${file}`, () => readPolicy(file));
  }

  /** The nearest file or folder of a name in a folder or above it. */
  nearest(name: string, folder: string): Promise<string | undefined> {
    return this.once(`nearest ${name} ${folder}`, () => nearestAbove(name, folder));
  }

  templates(directory: string): Promise<Stock> {
    return this.once(`templates ${directory}`, () => stockOf(directory));
  }

  private once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const fresh = read();
    this.kept.set(key, fresh);
    return fresh;
  }
}

async function stockOf(directory: string): Promise<Stock> {
  const folders = new Map<string, TemplateFolder>();
  for (const folder of await readTemplateFolders(directory).catch(() => [])) folders.set(folder.id, folder);
  const cache = new TemplateCache((id) => Promise.resolve(folders.get(id) ?? null));
  return { cache, ids: new Set(folders.keys()) };
}
