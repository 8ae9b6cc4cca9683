import { RetryableDatabaseError, type Signal } from '../database/index.ts';
import type { Log } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';

/** Longest sleeps in milliseconds: what a wake-up that was lost costs at most. */
export interface LongestSleeps {
  /** While wake-ups of other processes arrive: one that committed and died before it told anybody is found by this. */
  hearing: number;
  /** While they do not. */
  deaf: number;
}

const LONGEST_SLEEPS: LongestSleeps = { hearing: 5_000, deaf: 2_000 };
/** What is due but held by another process is asked for again after this. */
const SHORTEST_SLEEP = 5;
const FIRST_BACK_OFF = 100;
const LONGEST_BACK_OFF = 5_000;

export interface Work {
  /** For the log. */
  readonly name: string;
  /** How many loops may be at it at one time. */
  readonly loops: number;
  /** Does what is due; how much it did, 0 when there was nothing. Calls `took` once it holds something: others look then. */
  run(took: () => void): Promise<number>;
  /** When there will be something; null when only a wake-up can tell. Whatever `run` takes is announced here. */
  nextDue(): Promise<Instant | null>;
}

/**
 * Runs a piece of work whenever there is some, in as many loops as it has: at once after a wake-up, else when the next
 * thing falls due. One loop looks, and who has taken something rouses the next. At rest all sleep by one alarm, and one
 * question to the database after the longest sleep is all that is done (docs/decisions/0031). A database that is away is
 * waited for; nothing is lost, because what was taken is rolled back.
 */
export class WorkLoops {
  private stopping = false;
  /** Wake-ups so far: who finds nothing looks again when one came meanwhile. */
  private wakeUps = 0;
  /** Those that rest; each is told whether to look at once, or only to ask whether something is due. */
  private resting: ((look: boolean) => void)[] = [];
  private alarm: { at: Instant; timer: NodeJS.Timeout } | null = null;
  private readonly naps = new Set<() => void>();
  private ended: Promise<unknown> | null = null;

  constructor(
    private readonly work: Work,
    private readonly signal: Pick<Signal, 'onWake' | 'listening'>,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly longest: LongestSleeps = LONGEST_SLEEPS,
  ) {}

  start(): void {
    const unsubscribe = this.signal.onWake(() => this.wake());
    this.ended = Promise.all(Array.from({ length: this.work.loops }, () => this.loop())).finally(unsubscribe);
  }

  /** Ends after the pieces of work under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.alarm !== null) clearTimeout(this.alarm.timer);
    for (const end of this.naps) end();
    while (this.resting.length > 0) this.rouse(false);
    await this.ended;
  }

  /** There may be something to do: one that rests looks at once, and one that is looking looks once more. */
  wake(): void {
    this.wakeUps += 1;
    this.rouse(true);
  }

  private rouse(look: boolean): void {
    this.resting.pop()?.(look);
  }

  private async loop(): Promise<void> {
    const took = (): void => this.rouse(true);
    let look = true;
    let backOff = 0;
    while (!this.stopping) {
      const heard = this.wakeUps;
      try {
        if (look && (await this.work.run(took)) > 0) {
          backOff = 0;
          continue;
        }
        const next = await this.work.nextDue();
        backOff = 0;
        look = heard !== this.wakeUps || this.stopping || (await this.rest(next));
      } catch (error) {
        this.report(error, backOff === 0);
        backOff = Math.min(LONGEST_BACK_OFF, Math.max(FIRST_BACK_OFF, backOff * 2));
        if (!this.stopping) await this.nap(backOff);
        look = true;
      }
    }
  }

  /** An outage is one line, not one a try; what cannot mend itself is an error, for somebody must act. */
  private report(error: unknown, first: boolean): void {
    if (!(error instanceof RetryableDatabaseError)) this.log.error({ err: error, work: this.work.name }, 'work failed');
    else if (first) this.log.warn({ err: error, work: this.work.name }, 'database away; trying again');
  }

  /** Until there is something to look for, or it is time to ask; true for the former. */
  private rest(next: Instant | null): Promise<boolean> {
    const longest = this.signal.listening ? this.longest.hearing : this.longest.deaf;
    const sleep = next === null ? Number.POSITIVE_INFINITY : Math.max(SHORTEST_SLEEP, next - this.clock.now());
    this.setAlarm(Math.min(sleep, longest), sleep <= longest);
    return new Promise((resolve) => this.resting.push(resolve));
  }

  /** One alarm for all that rest. One that is set for earlier stays: too early, it costs a look; too late is never. */
  private setAlarm(sleep: number, look: boolean): void {
    const at = this.clock.now() + sleep;
    if (this.alarm !== null && this.alarm.at <= at) return;
    clearTimeout(this.alarm?.timer);
    const timer = setTimeout(() => {
      this.alarm = null;
      this.rouse(look);
    }, sleep);
    this.alarm = { at, timer };
  }

  private nap(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.naps.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.naps.add(end);
    });
  }
}
