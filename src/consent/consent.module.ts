import { Module } from '@nestjs/common';
import { ConsentController } from './consent.controller.ts';
import { ConsentService } from './consent.service.ts';
import { UnsubscribeController } from './unsubscribe.controller.ts';

/** Consent over HTTP: needs a binding of `CONSENT_CATALOGUE` from whoever imports it. */
@Module({
  controllers: [ConsentController, UnsubscribeController],
  providers: [ConsentService],
  exports: [ConsentService],
})
export class ConsentModule {}
