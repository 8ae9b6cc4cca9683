import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CLOCK } from '../../config/index.ts';
import { RetryableDatabaseError, Signal } from '../../database/index.ts';
import { LOG, type Log } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { Breakers } from './breakers.service.ts';

const EVERY_MS = 30_000;

/** Looks at the breakers again and again. */
@Injectable()
export class BreakersWorker {
  constructor(
    private readonly breakers: Breakers,
    private readonly signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Interval(EVERY_MS)
  async look(): Promise<void> {
    try {
      const changed = await this.breakers.evaluate(this.clock.now());
      for (const { breaker, deliveries } of changed) {
        const { domain, state, cause, rate } = breaker;
        if (state === 'stopped') this.log.error({ domain, cause, rate, ...deliveries }, 'marketing is stopped');
        else this.log.warn({ domain, state, cause, rate, ...deliveries }, 'sending domain');
      }
      if (changed.length > 0) this.signal.wake();
    } catch (error) {
      // Away, or nothing published yet: there will be another look.
      if (!(error instanceof RetryableDatabaseError) && !(error instanceof UserError)) throw error;
    }
  }
}
