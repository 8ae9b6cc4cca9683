import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database, type Statement } from '../database/index.ts';
import type { Clock } from '../shared/clock.ts';

/** How often something may happen, counted for all processes together. */
export interface Limit {
  /** Counts one more of this key, and tells how many milliseconds to wait when that is too many; 0 when it is not. */
  take(key: string): Promise<number>;
  /** It did not happen after all. */
  giveBack(key: string): Promise<void>;
}

const forgetEnded: Statement = {
  name: 'access-forget-limits',
  text: 'DELETE FROM rate_limit WHERE expire < $1::bigint',
};

const FORGET_EVERY_MS = 10 * 60_000;

/**
 * Limits that several processes share, in PostgreSQL. Each is one atomic statement, taken before what it limits is done, so
 * that asking at the same time gains nobody anything. Keys are kept as keyed hashes: no address of anybody is in the table.
 */
@Injectable()
export class Limits {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `most` within `seconds` from the first on. */
  named(name: string, most: number, seconds: number): Limit {
    const limiter = new RateLimiterPostgres({
      // Our own connections, so that what goes wrong is an outage like any other, and a statement is counted.
      storeClient: {
        query: async ({ name: statement = '', text, values }: { name?: string; text: string; values: unknown[] }) => {
          const rows = await this.database.run({ name: statement, text }, values);
          return { rows, rowCount: rows.length };
        },
      },
      storeType: 'client',
      tableName: 'rate_limit',
      // A migration made it.
      tableCreated: true,
      // Its own timer would go on after the service has closed.
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: most,
      duration: seconds,
      // Whoever is past the limit is refused without a question to the database.
      inMemoryBlockOnConsumed: most + 1,
    });
    return {
      take: async (key) => {
        try {
          await limiter.consume(this.hidden(key));
          return 0;
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
          throw refusal;
        }
      },
      giveBack: async (key) => {
        await limiter.reward(this.hidden(key));
      },
    };
  }

  /** A key, or whatever else names somebody, as it is kept. */
  hidden(key: string): string {
    return createHmac('sha256', this.config.secret).update(`limit\n${key}`).digest('base64url');
  }

  @Interval(FORGET_EVERY_MS)
  async forget(): Promise<void> {
    // An outage: the next time does it.
    await this.database.run(forgetEnded, [this.clock.now()]).catch(() => {});
  }
}
