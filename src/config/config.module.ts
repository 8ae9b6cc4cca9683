import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { Clock } from '../shared/clock.ts';
import { systemClock } from '../shared/clock.ts';
import type { Config } from './config.ts';

/** Injection token of {@link Config}. */
export const CONFIG = Symbol('CONFIG');
/** Injection token of the {@link Clock} that shells read. */
export const CLOCK = Symbol('CLOCK');

/** Settings and clock for every module; import once, at the root. */
@Module({})
export class ConfigModule {
  static of(config: Config, clock: Clock = systemClock): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
      ],
      exports: [CONFIG, CLOCK],
    };
  }
}
