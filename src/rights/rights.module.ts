import { Module } from '@nestjs/common';
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
  controllers: [RightsController, RequestsController, ProcessingController, RetentionController],
  providers: [RightsService, RetentionService],
  exports: [RightsService],
})
export class RightsApiModule {}

/** What is done about them by the clock. */
@Module({ providers: [RequestAlarm, RetentionService, NightlyRetention] })
export class RightsModule {}
