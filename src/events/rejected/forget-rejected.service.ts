import { Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { CLOCK } from '../../config/index.ts';
import { RetryableDatabaseError } from '../../database/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { RejectedStore } from './rejected.store.ts';

/** How long a rejected call is shown: long enough to be seen after a weekend. Milliseconds. */
export const REJECTED_KEPT = 7 * 86_400_000;

/** Removes rejected calls once nobody mends them any more. */
@Injectable()
export class ForgetRejected {
  constructor(
    private readonly store: RejectedStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Cron('23 * * * *')
  async run(): Promise<void> {
    try {
      await this.store.drop(this.clock.now() - REJECTED_KEPT);
    } catch (error) {
      // Away: there is another hour.
      if (!(error instanceof RetryableDatabaseError)) throw error;
    }
  }
}
