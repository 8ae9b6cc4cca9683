import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/index.ts';
import { LinkMailer } from './person/link-mailer.service.ts';
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
  providers: [RightsService, RetentionService, OwnData, LinkMailer],
  exports: [RightsService],
})
export class RightsApiModule {}

/** What is done about them by the clock. */
@Module({ providers: [RequestAlarm, RetentionService, NightlyRetention] })
export class RightsModule {}
