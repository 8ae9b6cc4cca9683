import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { CLOCK } from '../config/index.ts';
import { Database, ensureMonthsAhead, Signal } from '../database/index.ts';
import { LOG, type Log } from '../http/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { laneOf } from '../shared/ids.ts';
import { PostgresWorld } from './postgres-world.store.ts';
import { ContactFault, StaleLibrary, tick } from './tick.ts';
import { WorkLoops } from './work-loops.worker.ts';
import type { TickLimits, World } from './world.ts';

/** Two loops a process: while one waits for the database, the other steps machines. Each locks at most half of the lanes. */
const LOOPS = 2;
const LIMITS: TickLimits = { items: 1_000, lanes: 32 };

/** How long the lane of a contact that defeats the engine is left alone, while all others go on. */
const REST = 60_000;

/** Runs the engine's loop in this process, and the housekeeping that goes with it. */
@Injectable()
export class EngineService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private loops: WorkLoops | null = null;
  private readonly resting = new Map<number, Instant>();

  constructor(
    private readonly database: Database,
    private readonly library: LibraryService,
    private readonly signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const world = new PostgresWorld(this.database);
    const work = {
      name: 'engine',
      loops: LOOPS,
      run: async (took: () => void) => {
        const taken = await this.tick(telling(world, took));
        // What passed the gate waits for the dispatcher, here or in another process.
        if (taken > 0) this.signal.wake();
        return taken;
      },
      nextDue: async () => {
        const next = await world.nextDue();
        // What is due in a resting lane must not be asked for all the time.
        return next === null || this.restingLanes().length === 0 ? next : Math.max(next, this.clock.now() + 1_000);
      },
    };
    this.loops = new WorkLoops(work, this.signal, this.clock, this.log);
    this.loops.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loops?.stop();
  }

  private async tick(world: World): Promise<number> {
    const limits = { ...LIMITS, without: this.restingLanes() };
    try {
      return await tick(world, await this.library.current(), this.clock.now(), limits);
    } catch (error) {
      if (error instanceof StaleLibrary) return tick(world, await this.library.refresh(), this.clock.now(), limits);
      if (!(error instanceof ContactFault)) throw error;
      this.log.error(
        { err: error.cause, contactId: error.contactId },
        'a contact cannot be moved on; its lane rests for a minute',
      );
      this.resting.set(laneOf(error.contactId), this.clock.now() + REST);
      return 1;
    }
  }

  private restingLanes(): number[] {
    const now = this.clock.now();
    for (const [lane, until] of this.resting) if (until <= now) this.resting.delete(lane);
    return [...this.resting.keys()];
  }

  /** Months ahead of time, so that no row ever falls into a default partition. */
  @Cron('17 3 * * *')
  async prepareMonths(): Promise<void> {
    await ensureMonthsAhead(this.database, this.clock.now());
  }
}

/** The same world, which tells when a tick has taken something. */
function telling(world: World, took: () => void): World {
  return {
    nextDue: () => world.nextDue(),
    tick: (now, limits, decide) =>
      world.tick(now, limits, (taken) => {
        took();
        return decide(taken);
      }),
  };
}
