import { RetryableDatabaseError, type Database } from '../database/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Sequence } from '../shared/sequence.ts';
import { settle, type Settled } from './settle.store.ts';

/** With so many outcomes that the database refuses for good, nothing more is handed over until somebody acts. */
const MOST = 256;

/**
 * What providers have said and could not be written down, because the database was away, full or read-only: kept in
 * memory until it is written. Bounded, since nothing new is handed over while something of an outage is kept.
 */
export class Unwritten {
  private ended: Settled[] = [];

  /** `report` is told of what no later try will mend. */
  constructor(
    private readonly database: Database,
    private readonly sequence: Sequence,
    private readonly clock: Clock,
    private readonly report: (error: unknown) => void,
  ) {}

  keep(ended: readonly Settled[]): void {
    this.ended.push(...ended);
  }

  /**
   * Once more, now that the database may be back. Throws RetryableDatabaseError while it is not. One outcome that it refuses
   * for good does not keep the others waiting.
   */
  async write(): Promise<void> {
    const ended = this.ended.splice(0);
    if (ended.length === 0) return;
    try {
      await this.settle(ended);
    } catch (error) {
      if (error instanceof RetryableDatabaseError) {
        this.keep(ended);
        throw error;
      }
      await this.oneByOne(ended);
    }
    if (this.ended.length >= MOST)
      throw new Error(`the outcomes of ${this.ended.length} messages cannot be written; nothing more is handed over`);
  }

  private async oneByOne(ended: readonly Settled[]): Promise<void> {
    for (const one of ended) {
      try {
        await this.settle([one]);
      } catch (error) {
        this.keep([one]);
        if (!(error instanceof RetryableDatabaseError)) this.report(error);
      }
    }
  }

  private settle(ended: readonly Settled[]): Promise<void> {
    return this.database.transaction((sql) => settle(sql, ended, this.sequence, this.clock.now()));
  }
}
