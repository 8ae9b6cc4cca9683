import { Module } from '@nestjs/common';
import { Channels, ChannelsModule } from '../channels/index.ts';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { LOG, type Log } from '../http/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Sequence } from '../shared/sequence.ts';
import { TemplateCache, TemplatesModule } from '../templates/index.ts';
import { Breakers } from './breakers/breakers.service.ts';
import { BreakersController } from './breakers/breakers.controller.ts';
import { BreakersWorker } from './breakers/breakers.worker.ts';
import { Composer, type ComposerOptions } from './composer.ts';
import { DispatchWorker } from './dispatch.worker.ts';
import { Dispatcher } from './dispatcher.service.ts';
import { SentMessages } from './sent-messages.service.ts';
import { WebviewController } from './webview.controller.ts';

const breakers = {
  provide: Breakers,
  inject: [Database, LibraryService],
  useFactory: (database: Database, library: LibraryService): Breakers =>
    new Breakers(database, () => library.current()),
};

/** By which ways mails come back, and are heard (rule C5b). */
function waysBack({ bounces, inbound }: Pick<Config, 'bounces' | 'inbound'>): Partial<ComposerOptions> {
  if (bounces !== undefined) {
    // Also a mailbox may be where the domain's mail goes.
    const heard = bounces.port !== undefined || inbound !== undefined;
    return { bounceDomain: bounces.domain, ...(heard && { unsubscribeBy: 'bounceDomain' as const }) };
  }
  if (inbound === undefined) return {};
  const { address } = inbound;
  return { returnHeader: true, ...(address !== undefined && { unsubscribeBy: { address } }) };
}

const provideComposer = {
  provide: Composer,
  inject: [TemplateCache, CONFIG],
  useFactory: (templates: TemplateCache, { publicUrl, secret, bounces, inbound, webhooks }: Config): Composer => {
    const metadataHeader = webhooks?.postmark === undefined ? undefined : 'X-PM-Metadata-relance-message';
    return new Composer(templates, { publicUrl, secret, ...waysBack({ bounces, inbound }), metadataHeader });
  },
};

@Module({
  imports: [ChannelsModule, TemplatesModule],
  providers: [
    provideComposer,
    {
      provide: Dispatcher,
      inject: [Database, CLOCK, Sequence, Channels, Composer, LibraryService, CONFIG, LOG],
      useFactory: (
        database: Database,
        clock: Clock,
        sequence: Sequence,
        channels: Channels,
        composer: Composer,
        library: LibraryService,
        { openingRate }: Config,
        log: Log,
      ): Dispatcher =>
        new Dispatcher({
          database,
          clock,
          sequence,
          channels,
          composer,
          library: () => library.current(),
          openingRate,
          report: (error) => log.error({ err: error }, 'the outcome of a hand-over cannot be written'),
        }),
    },
    DispatchWorker,
    breakers,
    BreakersWorker,
  ],
})
export class DispatchModule {}

/** What stops marketing of a domain, over HTTP; for processes with the role `api`. */
@Module({ controllers: [BreakersController], providers: [breakers] })
export class BreakersApiModule {}

/** Messages in the browser, over HTTP; for processes with the role `api`. */
@Module({
  imports: [TemplatesModule],
  controllers: [WebviewController],
  providers: [
    provideComposer,
    {
      provide: SentMessages,
      inject: [Database, Composer, LibraryService],
      useFactory: (database: Database, composing: Composer, library: LibraryService): SentMessages =>
        new SentMessages(database, composing, () => library.current()),
    },
  ],
})
export class WebviewModule {}
