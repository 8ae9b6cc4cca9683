import { Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Gauge } from 'prom-client';
import { CLOCK } from '../../config/index.ts';
import { Database } from '../../database/index.ts';
import { LOG, Metrics, type Log } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { openRequests } from './requests.store.ts';

/** Says so, in the log and at `/metrics`, when a request is close to its term or past it (law L10). */
@Injectable()
export class RequestAlarm {
  private readonly gauge: Gauge<'age'>;

  constructor(
    private readonly database: Database,
    metrics: Metrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.gauge = new Gauge({
      name: 'relance_rights_requests',
      help: 'Open requests of people about their data: all, past their 25th day, past their term; counted every hour',
      labelNames: ['age'],
      registers: [metrics.registry],
    });
  }

  @Cron('7 * * * *')
  async look(): Promise<void> {
    const { open, late, overdue } = await openRequests(this.database, this.clock.now());
    for (const [age, count] of Object.entries({ open, late, overdue })) this.gauge.set({ age }, count);
    if (late + overdue > 0)
      this.log.warn(
        { open, late, overdue },
        'requests of people must be answered within a month: see relance requests',
      );
  }
}
