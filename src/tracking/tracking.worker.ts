import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Signal } from '../database/index.ts';
import { WorkLoops } from '../engine/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { HitJudge } from './hit-judge.service.ts';
import { HitRecorder } from './hit-recorder.service.ts';

/** Judges, in this process, the hits that it took and what others left behind. At rest it asks the database once a minute. */
@Injectable()
export class TrackingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoops;

  constructor(
    private readonly recorder: HitRecorder,
    judge: HitJudge,
    signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) log: Log,
  ) {
    const work = {
      name: 'tracking',
      loops: 1,
      run: () => this.run(judge),
      nextDue: () => Promise.resolve(recorder.judgeAt),
    };
    this.loops = new WorkLoops(work, signal, clock, log);
    recorder.onEarlier(() => this.loops.wake());
  }

  onApplicationBootstrap(): void {
    this.loops.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loops.stop();
  }

  private async run(judge: HitJudge): Promise<number> {
    if (this.recorder.judgeAt > this.clock.now()) return 0;
    // Before the work: a hit that comes during it is waited for anew.
    this.recorder.taken();
    try {
      const judged = await judge.judge();
      if (judged > 0) this.recorder.lookAgain();
      return judged;
    } catch (error) {
      this.recorder.lookAgain();
      throw error;
    }
  }
}
