import { compileTemplate } from './compile.ts';
import type { CompiledTemplate, TemplateFolder } from './template.ts';

/** Compiled templates, each version compiled once; the least recently used goes when there are too many. */
export class TemplateCache {
  private readonly compiled = new Map<string, Promise<CompiledTemplate>>();
  private readonly load: (id: string, version: number) => Promise<TemplateFolder | null>;
  private readonly capacity: number;

  /** `capacity`: versions kept, each about 100 KB. */
  constructor(load: (id: string, version: number) => Promise<TemplateFolder | null>, capacity = 500) {
    this.load = load;
    this.capacity = capacity;
  }

  /**
   * One version, ready to render. Rejects with `UserError` when it cannot be compiled, and with whatever the load
   * rejects with; a rejection is not kept, so that a database that was away is asked again.
   */
  get(id: string, version: number): Promise<CompiledTemplate> {
    const key = `${version} ${id}`;
    const known = this.compiled.get(key);
    if (known !== undefined) {
      this.compiled.delete(key);
      this.compiled.set(key, known);
      return known;
    }
    const fresh = this.compile(id, version);
    this.compiled.set(key, fresh);
    fresh.catch(() => this.compiled.delete(key));
    if (this.compiled.size > this.capacity) this.compiled.delete(this.compiled.keys().next().value!);
    return fresh;
  }

  private async compile(id: string, version: number): Promise<CompiledTemplate> {
    const folder = await this.load(id, version);
    if (folder === null)
      throw new Error(
        version === 0 ? `there is no template ${id}` : `there is no template ${id} in version ${version}`,
      );
    return compileTemplate(folder);
  }
}
