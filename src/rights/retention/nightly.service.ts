import { Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { RetryableDatabaseError } from '../../database/index.ts';
import { LOG, type Log } from '../../http/index.ts';
import { UserError } from '../../shared/errors.ts';
import { RetentionService } from './retention.service.ts';

/** Removes every night what the policy no longer keeps, where the policy asks for it (`retention.nightly`). */
@Injectable()
export class NightlyRetention {
  constructor(
    private readonly retention: RetentionService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('47 2 * * *')
  async run(): Promise<void> {
    try {
      if (await this.retention.isNightly()) await this.retention.begin('nightly');
    } catch (error) {
      // Away, nothing published yet, or another process was first: there will be another night.
      if (!(error instanceof RetryableDatabaseError) && !(error instanceof UserError)) throw error;
      this.log.info({ reason: error.message }, 'no retention run tonight');
    }
  }
}
