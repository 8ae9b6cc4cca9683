import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Signal } from '../database/index.ts';
import { WorkLoop } from '../engine/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { Dispatcher } from './dispatcher.service.ts';

/** Batches in the air at one time, and messages in each: one waits for the database while the other is with the provider. */
const LOOPS = 2;
const BATCH = 32;
/** Milliseconds between two looks for what a dead process has left behind. */
const SWEEP_EVERY = 1_000;

/** Runs the hand-over of messages in this process. */
@Injectable()
export class DispatchWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoop[] = [];
  private sweptAt: Instant = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const work = { name: 'dispatch', run: () => this.run(), nextDue: () => this.dispatcher.nextDue() };
    for (let loop = 0; loop < LOOPS; loop++) this.loops.push(new WorkLoop(work, this.signal, this.clock, this.log));
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private async run(): Promise<number> {
    let done = await this.dispatcher.handOver(BATCH);
    const now = this.clock.now();
    if (now - this.sweptAt >= SWEEP_EVERY) {
      this.sweptAt = now;
      done += await this.dispatcher.sweep();
    }
    if (done > 0) this.signal.wake();
    return done;
  }
}
