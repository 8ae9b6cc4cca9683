import { Global, Module } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Sequence } from '../shared/sequence.ts';
import { EventsController } from './events.controller.ts';
import { IngestService } from './ingest.service.ts';
import { ForgetRejected } from './rejected/forget-rejected.service.ts';
import { RejectedController } from './rejected/rejected.controller.ts';
import { RejectedStore } from './rejected/rejected.store.ts';

/** The one Sequence of the process, for every domain that puts something into the inbox. */
@Global()
@Module({
  providers: [{ provide: Sequence, inject: [CLOCK], useFactory: (clock: Clock) => new Sequence(clock) }],
  exports: [Sequence],
})
export class EventsModule {}

/** The events API; for processes with the role `api`. */
@Module({
  controllers: [EventsController, RejectedController],
  providers: [IngestService, RejectedStore, ForgetRejected],
})
export class EventsApiModule {}
