import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Channels, ChannelsModule } from '../../channels/index.ts';
import { ConsentModule, ConsentService } from '../../consent/index.ts';
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
import { arrivedAt } from './mail/arrived-at.ts';
import { ImapReader, type MailboxMail } from './mail/imap-reader.service.ts';
import { readInboundMail, type InboundMail } from './mail/inbound-mail.ts';
import { InboundMails } from './mail/inbound-mails.service.ts';
import { mailReaders } from './mail/readers.ts';
import { readMail } from './read-mail.ts';
import { Returns } from './returns.service.ts';
import { FETCH_TEXT, WebhooksController } from './webhooks.controller.ts';

/** What comes back from messages: webhooks, the listener where BOUNCE_PORT is set, the mailbox of INBOUND_IMAP_URL. For the role `api`. */
@Module({
  imports: [ChannelsModule, ConsentModule],
  controllers: [WebhooksController],
  providers: [
    {
      provide: Intake,
      inject: [CONFIG, Database, CLOCK, Sequence, Signal, LibraryService, Channels, ConsentService, Metrics, LOG],
      useFactory: (
        { secret }: Config,
        database: Database,
        clock: Clock,
        sequence: Sequence,
        signal: Signal,
        library: LibraryService,
        channels: Channels,
        consent: ConsentService,
        metrics: Metrics,
        log: Log,
      ): Intake => {
        const parts = { secret, database, clock, sequence, signal, library: () => library.current() };
        const mails = new InboundMails(parts, consent);
        return new Intake(new Returns(parts), new InboundTexts(parts), mails, channels.sms, metrics, log);
      },
    },
    { provide: FETCH_TEXT, useValue: fetchText },
  ],
})
export class ReturnsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private listener: BounceListener | null = null;
  private reader: ImapReader | null = null;

  constructor(
    private readonly intake: Intake,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bounces, secret, host, inbound } = this.config;
    const { clock, log, database } = this;
    if (bounces?.port !== undefined) {
      const { domain, port } = bounces;
      const take = (mail: InboundMail): Promise<void> => this.intake.takeMail(mail);
      const listener = new BounceListener({ domain, port, secret, host, clock, log, take });
      await listener.listen();
      this.listener = listener;
    }
    if (inbound === undefined) return;
    this.reader = new ImapReader({ inbound, database, clock, log, take: (mail) => this.readMailbox(mail) });
    this.reader.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.listener?.close(), this.reader?.stop()]);
  }

  private async readMailbox({ source, at, key }: MailboxMail): Promise<void> {
    const { secret, bounces } = this.config;
    const settings = bounces === undefined ? null : { domain: bounces.domain, secret };
    const parts = await readMail(source);
    const now = this.clock.now();
    const where = arrivedAt(parts.headers, settings);
    await this.intake.takeMail(readInboundMail(parts, where, mailReaders(secret, settings), { now, at, key }));
  }
}
