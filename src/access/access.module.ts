import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessService, WRITE_KEYS } from './access.service.ts';
import { AccountGuard } from './account.guard.ts';
import { AuditController } from './audit.controller.ts';

/** Guards every route of the program; see `RequiresCredential` in http. */
@Global()
@Module({
  providers: [
    AccessService,
    { provide: WRITE_KEYS, useExisting: AccessService },
    { provide: APP_GUARD, useClass: AccountGuard },
  ],
  exports: [AccessService, WRITE_KEYS],
})
export class AccessModule {}

/** What was changed, to be read: for processes that answer people. */
@Module({ controllers: [AuditController] })
export class AuditApiModule {}
