import { Module } from '@nestjs/common';
import type { Config } from '../config/index.ts';
import { CLOCK, CONFIG } from '../config/index.ts';
import { Database } from '../database/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Channels } from './channels.service.ts';

/** How messages leave. For the processes that hand over. */
@Module({
  providers: [
    {
      provide: Channels,
      inject: [CONFIG, Database, CLOCK],
      useFactory: (config: Config, database: Database, clock: Clock): Channels => new Channels(config, database, clock),
    },
  ],
  exports: [Channels],
})
export class ChannelsModule {}
