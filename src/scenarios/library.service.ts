import type { Database } from '../database/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { NothingPublished } from '../shared/errors.ts';
import { buildLibrary, type CompiledVersions } from './library.ts';
import type { Library } from './machine.ts';
import { VersionStore } from './version.store.ts';

/** How long a library is used before its revision is looked at again. */
const LOOK_AGAIN_AFTER = 1_000;

/** The published library, loaded once a revision and compiled once a version. */
export class LibraryService {
  private readonly store: VersionStore;
  private readonly clock: Clock;
  private readonly compiled: CompiledVersions = new Map();
  private library: Library | undefined;
  private lookedAt: Instant = 0;
  private loading: Promise<Library> | undefined;

  constructor(database: Database, clock: Clock) {
    this.store = new VersionStore(database);
    this.clock = clock;
  }

  /** The library as of at most a second ago. Throws UserError when nothing has been published, or cannot be read. */
  async current(): Promise<Library> {
    if (this.library !== undefined && this.clock.now() - this.lookedAt < LOOK_AGAIN_AFTER) return this.library;
    return this.refresh();
  }

  /**
   * The library as of now: loaded anew when its revision has risen. For whoever meets a version that `current` does
   * not know yet, because another process has just published it.
   */
  async refresh(): Promise<Library> {
    this.loading ??= this.load().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async load(): Promise<Library> {
    const lookedAt = this.clock.now();
    if (this.library === undefined || (await this.store.revision()) !== this.library.revision) {
      const published = await this.store.allForLibrary();
      if (published === null) throw new NothingPublished();
      this.library = buildLibrary(published, this.compiled);
    }
    this.lookedAt = lookedAt;
    return this.library;
  }
}
