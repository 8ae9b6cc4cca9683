import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { CLOCK } from '../../config/index.ts';
import { Database, snapshot } from '../../database/index.ts';
import { LOG, type Log } from '../../http/index.ts';
import { LibraryService } from '../../scenarios/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';
import type { RetentionRun } from '../sql/retention-runs.ts';
import { cutsOf } from './retention.ts';
import { previewRetention, type RetentionPreview } from './retention.store.ts';
import { beginRetention, retentionRuns, runRetention, stopRetention } from './run.store.ts';

/** What is kept for how long, shown and carried out (rule C9). A run goes on in this process when the answer is given. */
@Injectable()
export class RetentionService implements BeforeApplicationShutdown {
  private stopping = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly library: LibraryService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async preview(): Promise<RetentionPreview> {
    const cuts = cutsOf(await this.library.current(), this.clock.now());
    return snapshot(this.database, (sql) => previewRetention(sql, cuts));
  }

  runs(): Promise<RetentionRun[]> {
    return retentionRuns(this.database);
  }

  /** Begins a run. Throws UserError when one is under way. */
  async begin(actor: string): Promise<Id> {
    const library = await this.library.current();
    const id = await beginRetention(this.database, actor, this.clock.now());
    this.running = runRetention(this.database, { id, actor, library }, this.clock, { isStopped: () => this.stopping })
      .then(({ removed, ended }) => this.log.info({ run: id, removed, ended }, 'retention'))
      .catch((error: unknown) =>
        this.log.error({ err: error, run: id }, 'retention failed; the next run goes on with it'),
      );
    return id;
  }

  stop(actor: string): Promise<number> {
    return stopRetention(this.database, actor, this.clock.now());
  }

  /** True when the policy has it run by itself. */
  async isNightly(): Promise<boolean> {
    const { policy } = await this.library.current();
    return policy.policy.retention.nightly;
  }

  /** The batch under way is finished; what is left is for the next run. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }
}
