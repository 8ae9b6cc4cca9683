import { RetryableDatabaseError, type Signal } from '../database/index.ts';
import type { Log } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';

/** Longest sleep: a wake-up that was lost (a NOTIFY while the connection was down) costs no more than this. */
const LONGEST_SLEEP = 2_000;
/** What is due but held by another loop is asked for again after this. */
const SHORTEST_SLEEP = 5;
const FIRST_BACK_OFF = 100;
const LONGEST_BACK_OFF = 5_000;

export interface Work {
  /** For the log. */
  readonly name: string;
  /** Does what is due; how much it did, 0 when there was nothing. */
  run(): Promise<number>;
  /** When there will be something; null when only a wake-up can tell. */
  nextDue(): Promise<Instant | null>;
}

/**
 * Runs a piece of work whenever there is some: at once after a wake-up, else when the next thing falls due. At rest it
 * asks the database once in two seconds. A database that is away is waited for; nothing is lost, because what was
 * taken is rolled back.
 */
export class WorkLoop {
  private stopping = false;
  private woken = false;
  private interrupt: (() => void) | null = null;
  private ended: Promise<void> | null = null;
  private backOff = 0;

  constructor(
    private readonly work: Work,
    private readonly signal: Signal,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    const unsubscribe = this.signal.onWake(() => this.wake());
    this.ended = this.loop().finally(unsubscribe);
  }

  /** Ends after the piece of work under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.interrupt?.();
    await this.ended;
  }

  private wake(): void {
    this.woken = true;
    if (this.backOff === 0) this.interrupt?.();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      try {
        if ((await this.work.run()) > 0) {
          this.backOff = 0;
          continue;
        }
        const next = await this.work.nextDue();
        this.backOff = 0;
        const sleep = next === null ? LONGEST_SLEEP : Math.min(LONGEST_SLEEP, next - this.clock.now());
        if (!this.woken && !this.stopping) await this.sleep(Math.max(SHORTEST_SLEEP, sleep));
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private async recover(error: unknown): Promise<void> {
    const first = this.backOff === 0;
    this.backOff = Math.min(LONGEST_BACK_OFF, Math.max(FIRST_BACK_OFF, this.backOff * 2));
    // An outage is one line, not one a try; what cannot mend itself is an error, for somebody must act.
    if (!(error instanceof RetryableDatabaseError)) this.log.error({ err: error, work: this.work.name }, 'work failed');
    else if (first) this.log.warn({ err: error, work: this.work.name }, 'database away; trying again');
    if (!this.stopping) await this.sleep(this.backOff);
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.interrupt?.(), milliseconds);
      this.interrupt = () => {
        clearTimeout(timer);
        this.interrupt = null;
        resolve();
      };
    });
  }
}
