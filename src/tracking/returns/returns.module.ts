import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Channels, ChannelsModule } from '../../channels/index.ts';
import { CLOCK, CONFIG, type Config } from '../../config/index.ts';
import { Database, Signal } from '../../database/index.ts';
import { LOG, Metrics, type Log } from '../../http/index.ts';
import { LibraryService } from '../../scenarios/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { Sequence } from '../../shared/sequence.ts';
import { BounceListener } from './bounce-listener.service.ts';
import { fetchText } from './fetch-text.service.ts';
import { InboundTexts } from './inbound/inbound-texts.service.ts';
import { Intake } from './intake.service.ts';
import type { Report } from './report.ts';
import { Returns, type Taken } from './returns.service.ts';
import { FETCH_TEXT, WebhooksController } from './webhooks.controller.ts';

/** What comes back from messages: webhooks, and the listener for bounces where BOUNCE_PORT is set. For the role `api`. */
@Module({
  imports: [ChannelsModule],
  controllers: [WebhooksController],
  providers: [
    {
      provide: Intake,
      inject: [CONFIG, Database, CLOCK, Sequence, Signal, LibraryService, Channels, Metrics, LOG],
      useFactory: (
        { secret }: Config,
        database: Database,
        clock: Clock,
        sequence: Sequence,
        signal: Signal,
        library: LibraryService,
        channels: Channels,
        metrics: Metrics,
        log: Log,
      ): Intake => {
        const parts = { secret, database, clock, sequence, signal, library: () => library.current() };
        return new Intake(new Returns(parts), new InboundTexts(parts), channels.sms, metrics, log);
      },
    },
    { provide: FETCH_TEXT, useValue: fetchText },
  ],
})
export class ReturnsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private listener: BounceListener | null = null;

  constructor(
    private readonly intake: Intake,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bounces, secret, host } = this.config;
    if (bounces?.port === undefined) return;
    const { domain, port } = bounces;
    const take = async (reports: readonly Report[]): Promise<Taken[]> => (await this.intake.take(reports)).taken;
    const listener = new BounceListener({ domain, port, secret, host, clock: this.clock, log: this.log, take });
    await listener.listen();
    this.listener = listener;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.listener?.close();
  }
}
