import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.ts';
import { AccountsController } from './accounts.controller.ts';
import { AuditController } from './audit.controller.ts';
import { EnvironmentCredentials } from './environment.service.ts';
import { KeyRing, WRITE_KEYS } from './key-ring.service.ts';
import { KeysController } from './keys.controller.ts';
import { Limits } from './limits.service.ts';
import { RouteCheck } from './route-check.service.ts';
import { SessionController } from './session.controller.ts';
import { Sessions } from './sessions.service.ts';
import { SignIn } from './sign-in.service.ts';

/** Guards every route of the program; see `Access` in http. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [SessionController],
  providers: [
    EnvironmentCredentials,
    KeyRing,
    Limits,
    RouteCheck,
    Sessions,
    SignIn,
    { provide: WRITE_KEYS, useExisting: KeyRing },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [WRITE_KEYS, Limits],
})
export class AccessModule {}

/** Accounts, keys and what was changed: for processes that answer people. */
@Module({ controllers: [AccountsController, AuditController, KeysController] })
export class AccessApiModule {}
