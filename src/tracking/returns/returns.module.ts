import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../../config/index.ts';
import { Database, Signal } from '../../database/index.ts';
import { LOG, type Log } from '../../http/index.ts';
import { LibraryService } from '../../scenarios/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { Sequence } from '../../shared/sequence.ts';
import { BounceListener } from './bounce-listener.service.ts';
import { fetchText } from './fetch-text.service.ts';
import { Returns } from './returns.service.ts';
import { FETCH_TEXT, WebhooksController } from './webhooks.controller.ts';

/** What comes back from messages: webhooks, and the listener for bounces where BOUNCE_PORT is set. For the role `api`. */
@Module({
  controllers: [WebhooksController],
  providers: [
    {
      provide: Returns,
      inject: [CONFIG, Database, CLOCK, Sequence, Signal, LibraryService],
      useFactory: (
        { secret }: Config,
        database: Database,
        clock: Clock,
        sequence: Sequence,
        signal: Signal,
        library: LibraryService,
      ): Returns => new Returns({ secret, database, clock, sequence, signal, library: () => library.current() }),
    },
    { provide: FETCH_TEXT, useValue: fetchText },
  ],
})
export class ReturnsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private listener: BounceListener | null = null;

  constructor(
    private readonly returns: Returns,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bounces, secret, host } = this.config;
    if (bounces?.port === undefined) return;
    const { domain, port } = bounces;
    const take = this.returns.take.bind(this.returns);
    const listener = new BounceListener({ domain, port, secret, host, clock: this.clock, log: this.log, take });
    await listener.listen();
    this.listener = listener;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.listener?.close();
  }
}
