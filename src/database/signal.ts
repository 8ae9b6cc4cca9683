import pg from 'pg';
import { SESSION_SETTINGS } from './data-source.ts';
import type { Statement } from './statement.ts';

/** NOTIFY on it, also inside a transaction, wakes the loops of every process. */
const WAKE_CHANNEL = 'relance_wake';
/** For whoever has no `Signal` of its own, such as a verb: also inside a transaction, it is told with the commit. */
export const wakeLoops: Statement = { name: 'database-wake-loops', text: `SELECT pg_notify('${WAKE_CHANNEL}', '')` };

/** Milliseconds between two NOTIFYs of a process: a NOTIFY takes a lock of the whole server at commit. */
const QUIET_MS = 10;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** When to ask whether the connection lives, in milliseconds. */
export interface Heartbeat {
  every: number;
  /** What is silent for this long is lost. */
  patience: number;
}

/** A connection that a router has forgotten says nothing for ever, and nobody else would notice. */
const HEARTBEAT: Heartbeat = { every: 10_000, patience: 5_000 };

/**
 * "There is work": a hint between loops and processes, never the truth. Loops that miss one find the work at their
 * next look, so wake-ups are merged freely and nothing is kept while the database is away.
 */
export class Signal {
  private readonly listeners = new Set<() => void>();
  private client: pg.Client | null = null;
  private retryTimer: NodeJS.Timeout | null = null;
  private quietTimer: NodeJS.Timeout | null = null;
  private heartbeatTimer: NodeJS.Timeout | null = null;
  private retryMs = FIRST_RETRY_MS;
  /** A wake-up that other processes have not been told of. */
  private pending = false;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly heartbeat = HEARTBEAT,
  ) {}

  /** Whether wake-ups of other processes arrive now. */
  get listening(): boolean {
    return this.client !== null;
  }

  /**
   * Starts to listen for other processes, on a connection of its own. Returns when the first try is over: it may
   * have failed, then it goes on trying in the background, as it does whenever the connection is lost.
   */
  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'relance signal',
      options: SESSION_SETTINGS,
      keepAlive: true,
      // A NOTIFY need not wait for the answer to the one before.
      pipeline: true,
      connectionTimeoutMillis: 10_000,
    });
    const lost = (): void => {
      client.removeAllListeners('end');
      if (this.client === client) this.client = null;
      if (this.heartbeatTimer !== null) clearInterval(this.heartbeatTimer);
      void client.end().catch(() => {});
      this.retryLater();
    };
    client.on('error', () => {});
    client.on('notification', ({ processId }) => {
      if (processId !== (client as { processID?: number | null }).processID) this.wakeHere();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
    } catch {
      lost();
      return;
    }
    if (this.closed) {
      await client.end();
      return;
    }
    client.once('end', lost);
    this.client = client;
    this.retryMs = FIRST_RETRY_MS;
    this.beat(client);
    // What was signalled while nobody listened is lost: look now.
    this.wakeHere();
    this.tellOthers();
  }

  /** Calls `listener` after each wake-up; several may be merged into one. Returns how to stop it. */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Wakes the loops of this process at once and those of others within milliseconds. Call it after the commit. */
  wake(): void {
    this.wakeHere();
    this.pending = true;
    this.tellOthers();
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    if (this.quietTimer !== null) clearTimeout(this.quietTimer);
    if (this.heartbeatTimer !== null) clearInterval(this.heartbeatTimer);
    this.listeners.clear();
    const client = this.client;
    this.client = null;
    client?.removeAllListeners('end');
    await client?.end();
  }

  private wakeHere(): void {
    for (const listener of this.listeners) listener();
  }

  /** The first wake-up goes out at once; those of the next milliseconds go as one at their end. */
  private tellOthers(): void {
    if (!this.pending || this.quietTimer !== null || this.client === null || this.closed) return;
    this.pending = false;
    this.quietTimer = setTimeout(() => {
      this.quietTimer = null;
      this.tellOthers();
    }, QUIET_MS);
    // A failure is a lost connection, which has its own handling.
    this.client.query(`NOTIFY ${WAKE_CHANNEL}`).catch(() => {});
  }

  private beat(client: pg.Client): void {
    const { every, patience } = this.heartbeat;
    this.heartbeatTimer = setInterval(() => {
      // Without an answer the driver destroys the connection, which has its own handling.
      client.query({ text: 'SELECT 1', query_timeout: patience } as pg.QueryConfig).catch(() => {});
    }, every);
  }

  private retryLater(): void {
    if (this.closed || this.retryTimer !== null) return;
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      void this.open();
    }, this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }
}
