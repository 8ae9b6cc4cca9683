import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import type { Clock } from '../shared/clock.ts';
import { connect, createDataSource } from './data-source.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { ensureMonthsAhead } from './partitions.ts';
import { Signal } from './signal.ts';

/** Connects, migrates and makes the months ahead, before any other module's providers that need the database exist. */
@Global()
@Module({
  providers: [
    {
      provide: DataSource,
      inject: [CONFIG, CLOCK],
      useFactory: async (config: Config, clock: Clock): Promise<DataSource> => {
        const dataSource = createDataSource({ url: urlOf(config), poolSize: config.databasePoolSize });
        await connect(dataSource);
        try {
          await migrate(dataSource);
          await ensureMonthsAhead(new Database(dataSource), clock.now());
        } catch (error) {
          await dataSource.destroy();
          throw error;
        }
        return dataSource;
      },
    },
    Database,
    {
      provide: Signal,
      // The data source is asked for so that an unreachable database is reported by it, in words.
      inject: [CONFIG, DataSource],
      useFactory: async (config: Config): Promise<Signal> => {
        const signal = new Signal(urlOf(config));
        await signal.open();
        return signal;
      },
    },
  ],
  exports: [DataSource, Database, Signal],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly signal: Signal,
  ) {}

  /** Last of Nest's hooks: loops and servers stop before, in `beforeApplicationShutdown` or `onModuleDestroy`. */
  async onApplicationShutdown(): Promise<void> {
    await this.signal.close();
    await this.dataSource.destroy();
  }
}

function urlOf(config: Config): string {
  if (config.databaseUrl === undefined)
    throw new Error('the embedded PostgreSQL must be started before the database module');
  return config.databaseUrl;
}
