import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Signal } from '../database/index.ts';
import { WorkLoops } from '../engine/index.ts';
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
  private readonly loops: WorkLoops;
  private sweptAt: Instant = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    const run = (took: () => void): Promise<number> => this.run(took);
    const work = { name: 'dispatch', loops: LOOPS, run, nextDue: () => dispatcher.nextDue() };
    this.loops = new WorkLoops(work, signal, clock, log);
  }

  onApplicationBootstrap(): void {
    this.loops.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loops.stop();
    await this.dispatcher
      .close()
      .catch((error: unknown) => this.log.error({ err: error }, 'outcomes of hand-overs are lost: unknown'));
  }

  private async run(took: () => void): Promise<number> {
    let done = await this.dispatcher.handOver(BATCH, took);
    const now = this.clock.now();
    if (now - this.sweptAt >= SWEEP_EVERY) {
      this.sweptAt = now;
      done += await this.dispatcher.sweep();
    }
    if (done > 0) this.signal.wake();
    return done;
  }
}
