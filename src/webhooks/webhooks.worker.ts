import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Signal } from '../database/index.ts';
import { WorkLoop } from '../engine/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { Webhooks } from './webhooks.service.ts';

/** Batches in the air at one time, and calls in each: while one waits for a slow receiver, the others go on. */
const LOOPS = 4;
const BATCH = 32;

/** Makes the calls of `webhook` steps in this process. */
@Injectable()
export class WebhooksWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoop[] = [];

  constructor(
    private readonly webhooks: Webhooks,
    private readonly signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const run = async (): Promise<number> => {
      const called = await this.webhooks.callDue(BATCH);
      if (called > 0) this.signal.wake();
      return called;
    };
    const work = { name: 'webhooks', run, nextDue: () => this.webhooks.nextDue() };
    for (let loop = 0; loop < LOOPS; loop++) this.loops.push(new WorkLoop(work, this.signal, this.clock, this.log));
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
