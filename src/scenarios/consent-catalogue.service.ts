import type { ConsentCatalogue, DoubleOptIn } from '../consent/index.ts';
import { lookOf } from '../gate/index.ts';
import type { Look } from '../pages/index.ts';
import type { LibraryService } from './library.service.ts';

/** Tells consent what the published policy calls its purposes, and whom people know us as. */
export class PolicyCatalogue implements ConsentCatalogue {
  private readonly library: LibraryService;

  constructor(library: LibraryService) {
    this.library = library;
  }

  async purposes(): Promise<ReadonlyMap<string, string>> {
    const { policy } = (await this.library.current()).policy;
    return new Map(Object.entries(policy.purposes).map(([id, { label }]) => [id, label]));
  }

  async brands(): Promise<ReadonlySet<string>> {
    const { policy } = (await this.library.current()).policy;
    return new Set(Object.keys(policy.brands ?? {}));
  }

  async doubleOptIn(): Promise<DoubleOptIn | null> {
    return (await this.library.current()).policy.compiled.doubleOptIn;
  }

  async look(id?: string): Promise<Look> {
    return lookOf((await this.library.current()).policy.policy, id);
  }
}
