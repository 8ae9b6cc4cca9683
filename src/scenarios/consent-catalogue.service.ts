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

  async brand(): Promise<string> {
    const { policy } = (await this.library.current()).policy;
    const [first] = Object.values(policy.senders);
    return first?.email?.replace(/\s*<.*$/, '') ?? first?.sms ?? '';
  }
}
