import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Signal } from '../database/index.ts';
import { WorkLoops } from '../engine/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Webhooks } from './webhooks.service.ts';

/** Batches in the air at one time, and calls in each: while one waits for a slow receiver, the others go on. */
const LOOPS = 4;
const BATCH = 32;

/** Makes the calls of `webhook` steps in this process. */
@Injectable()
export class WebhooksWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoops;

  constructor(webhooks: Webhooks, signal: Signal, @Inject(CLOCK) clock: Clock, @Inject(LOG) log: Log) {
    const run = async (took: () => void): Promise<number> => {
      const called = await webhooks.callDue(BATCH, took);
      if (called > 0) signal.wake();
      return called;
    };
    this.loops = new WorkLoops(
      { name: 'webhooks', loops: LOOPS, run, nextDue: () => webhooks.nextDue() },
      signal,
      clock,
      log,
    );
  }

  onApplicationBootstrap(): void {
    this.loops.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loops.stop();
  }
}
