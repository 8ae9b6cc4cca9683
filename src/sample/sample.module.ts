import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Sequence } from '../shared/sequence.ts';
import { isPopulated, loadSampleData } from './load.service.ts';

/** Gives a first start something to show: loads the sample where it is wanted and nobody is there yet. */
@Module({})
export class SampleModule implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly sequence: Sequence,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.config.sampleData || (await isPopulated(this.database))) return;
    const loaded = await loadSampleData(this.database, this.sequence, this.clock.now());
    this.log.info(loaded, 'loaded the sample contacts and events');
  }
}
