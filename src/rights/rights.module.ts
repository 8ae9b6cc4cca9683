import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/index.ts';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { LinkMailer } from './person/link-mailer.service.ts';
import { LinkMails } from './person/link-mails.service.ts';
import { LinkMailsWorker } from './person/link-mails.worker.ts';
import { OwnDataController } from './person/own-data.controller.ts';
import { OwnData } from './person/own-data.service.ts';
import { RightsLinkController } from './person/rights-link.controller.ts';
import { ProcessingController } from './processing/processing.controller.ts';
import { NightlyRetention } from './retention/nightly.service.ts';
import { RetentionController } from './retention/retention.controller.ts';
import { RetentionService } from './retention/retention.service.ts';
import { RequestAlarm } from './requests/alarm.service.ts';
import { RequestsController } from './requests/requests.controller.ts';
import { RightsController } from './rights.controller.ts';
import { RightsService } from './rights.service.ts';

/** People's rights over HTTP. */
@Module({
  imports: [ChannelsModule],
  controllers: [
    RightsController,
    RequestsController,
    ProcessingController,
    RetentionController,
    OwnDataController,
    RightsLinkController,
  ],
  providers: [
    RightsService,
    RetentionService,
    OwnData,
    LinkMailer,
    {
      provide: LinkMails,
      inject: [Database, LinkMailer, CLOCK, LOG],
      useFactory: (database: Database, mailer: LinkMailer, clock: Clock, log: Log): LinkMails =>
        new LinkMails({
          database,
          clock,
          log,
          mail: async (person, begins) => (await mailer.mail(person, begins))?.outcome ?? null,
        }),
    },
    LinkMailsWorker,
  ],
  exports: [RightsService],
})
export class RightsApiModule {}

/** What is done about them by the clock. */
@Module({ providers: [RequestAlarm, RetentionService, NightlyRetention] })
export class RightsModule {}
