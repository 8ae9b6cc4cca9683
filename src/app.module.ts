import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessApiModule, AccessModule } from './access/index.ts';
import { CensusApiModule } from './census/index.ts';
import { OutboxModule } from './channels/index.ts';
import { ConfigModule, type Config, type Role } from './config/index.ts';
import { ConsentModule } from './consent/index.ts';
import { DatabaseModule } from './database/index.ts';
import { BreakersApiModule, DispatchModule, WebviewModule } from './dispatch/index.ts';
import { EngineModule, EnrolApiModule } from './engine/index.ts';
import { EventsApiModule, EventsModule } from './events/index.ts';
import { ExplainApiModule } from './explain/index.ts';
import { HttpModule } from './http/index.ts';
import { PreferencesModule } from './preferences/index.ts';
import { ReportingApiModule } from './reporting/index.ts';
import { RightsApiModule, RightsModule } from './rights/index.ts';
import { SampleModule } from './sample/index.ts';
import { ScenariosModule, VersionsApiModule } from './scenarios/index.ts';
import { ReturnsModule, TrackingApiModule } from './tracking/index.ts';
import { WebhooksApiModule, WebhooksModule } from './webhooks/index.ts';

/** What every process needs, whatever it does. */
const ALWAYS: readonly Type[] = [DatabaseModule, HttpModule, AccessModule, EventsModule, ScenariosModule];
/** What a process does beside, by its `ROLE`. */
const BY_ROLE: Readonly<Record<Role, readonly Type[]>> = {
  api: [
    EventsApiModule,
    ConsentModule,
    EnrolApiModule,
    CensusApiModule,
    BreakersApiModule,
    ExplainApiModule,
    WebhooksApiModule,
    VersionsApiModule,
    OutboxModule,
    ReturnsModule,
    AccessApiModule,
    TrackingApiModule,
    RightsApiModule,
    PreferencesModule,
    WebviewModule,
    ReportingApiModule,
  ],
  engine: [SampleModule, EngineModule, RightsModule],
  dispatch: [DispatchModule, WebhooksModule],
};

/** The whole program, composed for the roles of one process. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        ScheduleModule.forRoot(),
        ...ALWAYS,
        ...new Set(config.roles.flatMap((role) => BY_ROLE[role])),
      ],
    };
  }
}
