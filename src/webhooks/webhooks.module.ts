import { Module } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Metrics } from '../http/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Sequence } from '../shared/sequence.ts';
import { HttpCaller } from './http-caller.service.ts';
import { signingSecrets } from './signature.ts';
import { WebhooksController } from './webhooks.controller.ts';
import { Webhooks } from './webhooks.service.ts';
import { WebhooksWorker } from './webhooks.worker.ts';

@Module({
  providers: [
    {
      provide: Webhooks,
      inject: [Database, CLOCK, Sequence, LibraryService, CONFIG, Metrics],
      useFactory: (
        database: Database,
        clock: Clock,
        sequence: Sequence,
        library: LibraryService,
        config: Config,
        metrics: Metrics,
      ): Webhooks => {
        const attempts = metrics.counter('relance_webhook_attempts_total', 'Attempts of webhook calls', ['outcome']);
        return new Webhooks({
          database,
          clock,
          sequence,
          caller: new HttpCaller(),
          library: () => library.current(),
          secrets: signingSecrets(config),
          count: (outcome) => attempts.inc({ outcome }),
        });
      },
    },
    WebhooksWorker,
  ],
})
export class WebhooksModule {}

/** What became of webhook calls, over HTTP; for processes with the role `api`. */
@Module({ controllers: [WebhooksController] })
export class WebhooksApiModule {}
