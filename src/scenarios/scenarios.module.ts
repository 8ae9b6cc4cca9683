import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { CONSENT_CATALOGUE } from '../consent/index.ts';
import { Database } from '../database/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { applyAtStart } from './apply-at-start.service.ts';
import { PolicyCatalogue } from './consent-catalogue.service.ts';
import { LibraryService } from './library.service.ts';
import { PublishService } from './publish.service.ts';
import { VersionsController } from './versions/versions.controller.ts';

/** What is published: for the engine, the dispatcher and whoever publishes. Global: there is one library a process. */
@Global()
@Module({
  providers: [
    {
      provide: LibraryService,
      inject: [Database, CLOCK],
      useFactory: (database: Database, clock: Clock) => new LibraryService(database, clock),
    },
    { provide: PublishService, inject: [Database], useFactory: (database: Database) => new PublishService(database) },
    {
      provide: CONSENT_CATALOGUE,
      inject: [LibraryService],
      useFactory: (library: LibraryService) => new PolicyCatalogue(library),
    },
  ],
  exports: [LibraryService, PublishService, CONSENT_CATALOGUE],
})
export class ScenariosModule implements OnModuleInit {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** A process that runs the engine publishes the files that have changed, before it begins. */
  async onModuleInit(): Promise<void> {
    if (!this.config.roles.includes('engine')) return;
    if (await applyAtStart(this.database, this.config, this.clock))
      this.log.info('published what had changed in the files');
  }
}

/** What was ever published, over HTTP; for processes with the role `api`. */
@Module({ controllers: [VersionsController] })
export class VersionsApiModule {}
