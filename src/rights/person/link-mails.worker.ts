import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '../../config/index.ts';
import { Signal } from '../../database/index.ts';
import { WorkLoops } from '../../engine/index.ts';
import { LOG, type Log } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { LinkMails } from './link-mails.service.ts';

/** Hands over the mails that people asked for, also those that another process left behind. */
@Injectable()
export class LinkMailsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: WorkLoops;

  constructor(mails: LinkMails, signal: Signal, @Inject(CLOCK) clock: Clock, @Inject(LOG) log: Log) {
    const work = {
      name: 'links to own data',
      loops: 1,
      run: () => mails.handOver(),
      nextDue: () => mails.nextDue(),
    };
    this.loops = new WorkLoops(work, signal, clock, log);
  }

  onApplicationBootstrap(): void {
    this.loops.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loops.stop();
  }
}
