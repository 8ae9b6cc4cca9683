import { Module } from '@nestjs/common';
import { BareLinkController } from './bare-link.controller.ts';
import { ConfirmController } from './confirm.controller.ts';
import { ConsentController } from './consent.controller.ts';
import { ConsentService } from './consent.service.ts';
import { LedgerCheck } from './ledger-check.service.ts';
import { LedgerHealthController } from './ledger-health.controller.ts';
import { ConsentProofController } from './proof.controller.ts';
import { UnsubscribeController } from './unsubscribe.controller.ts';

/** Consent over HTTP: needs a binding of `CONSENT_CATALOGUE` from whoever imports it. */
@Module({
  controllers: [
    ConsentController,
    UnsubscribeController,
    ConfirmController,
    BareLinkController,
    ConsentProofController,
    LedgerHealthController,
  ],
  providers: [ConsentService, LedgerCheck],
  exports: [ConsentService],
})
export class ConsentModule {}
