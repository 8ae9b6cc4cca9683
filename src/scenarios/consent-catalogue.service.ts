import type { ConsentCatalogue } from '../consent/index.ts';
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

  async brand(id?: string): Promise<string> {
    const { policy } = (await this.library.current()).policy;
    const brand = id === undefined ? undefined : policy.brands?.[id];
    if (brand !== undefined) return brand.label;
    const [first] = Object.values(policy.senders);
    return first?.email?.replace(/\s*<.*$/, '') ?? first?.sms ?? '';
  }
}
