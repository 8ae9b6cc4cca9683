import {
  RetryableDatabaseError,
  TransactionConflict,
  type Database,
  type Sql,
  type Statement,
} from '../database/index.ts';
import { monthOf, type Clock, type Instant } from '../shared/clock.ts';
import type { EventRow } from './event-row.ts';
import { CLOCKS_DIFFER_MS, insertEvents } from './sql/insert-events.ts';

/** Statements at the same time; what arrives meanwhile goes with the next one. Measured: more gain nothing. */
const WRITERS = 2;
/** Rows a statement takes at most. */
const LARGEST_STATEMENT = 1_000;
/** Tries of a statement that lost against another transaction. */
const TRIES = 3;
/** What has waited longer is given back to its sender: near a boundary it could be overtaken by its own repetition. */
const LONGEST_WAIT_MS = 20_000;

/** Any number that all processes agree on; beside those of database/migrate.ts. */
const BOUNDARY_LOCK = 7_235_010;
const lockBoundary: Statement = {
  name: 'events-lock-boundary',
  text: `SELECT set_config('statement_timeout', '${LONGEST_WAIT_MS}', true), pg_advisory_xact_lock(${BOUNDARY_LOCK})`,
};

/** Could not be stored in time; nothing was. The same call may be sent again. */
export class WaitedTooLong extends Error {
  constructor() {
    super('events waited too long for the database');
    this.name = 'WaitedTooLong';
  }
}

interface Waiting {
  rows: readonly EventRow[];
  month: string;
  receivedAt: Instant;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Writes what requests bring, several requests in one statement when they come faster than the database commits.
 * Each request hears when, and only when, its own rows are committed (rule D1).
 */
export class EventWriter {
  private readonly queue: Waiting[] = [];
  private writing = 0;
  private rowsWaiting = 0;
  private readonly database: Database;
  private readonly clock: Clock;
  private readonly onStored: (stored: number) => void;

  /** `onStored` hears after each commit how many events were new, before the requests do. */
  constructor(database: Database, clock: Clock, onStored: (stored: number) => void) {
    this.database = database;
    this.clock = clock;
    this.onStored = onStored;
  }

  /** Rows that wait for a statement or are in one. */
  get backlog(): number {
    return this.rowsWaiting;
  }

  /**
   * Stores the rows of one request, which all have one `receivedAt`: all of them or none.
   * Throws RetryableDatabaseError or WaitedTooLong when the same call should be sent again.
   */
  async write(rows: readonly EventRow[]): Promise<void> {
    const first = rows[0];
    if (first === undefined) return;
    this.rowsWaiting += rows.length;
    try {
      await new Promise<void>((resolve, reject) => {
        this.queue.push({ rows, month: monthOf(first.receivedAt), receivedAt: first.receivedAt, resolve, reject });
        this.start();
      });
    } finally {
      this.rowsWaiting -= rows.length;
    }
  }

  private start(): void {
    while (this.writing < WRITERS && this.queue.length > 0) {
      this.writing++;
      void this.store(this.nextGroup()).finally(() => {
        this.writing--;
        this.start();
      });
    }
  }

  /** The oldest requests that go together: one month, a statement's worth. */
  private nextGroup(): Waiting[] {
    const group = [this.queue.shift()!];
    let rows = group[0]!.rows.length;
    while (this.queue.length > 0) {
      const next = this.queue[0]!;
      if (next.month !== group[0]!.month || rows + next.rows.length > LARGEST_STATEMENT) break;
      rows += next.rows.length;
      group.push(this.queue.shift()!);
    }
    return group;
  }

  private async store(group: readonly Waiting[]): Promise<void> {
    const now = this.clock.now();
    const fresh = group.filter((waiting) => now - waiting.receivedAt <= LONGEST_WAIT_MS);
    for (const waiting of group) if (!fresh.includes(waiting)) waiting.reject(new WaitedTooLong());
    if (fresh.length === 0) return;
    try {
      const stored = await this.insert(fresh);
      this.onStored(stored);
      for (const waiting of fresh) waiting.resolve();
    } catch (error) {
      if (fresh.length === 1 || error instanceof RetryableDatabaseError) {
        for (const waiting of fresh) waiting.reject(error);
        return;
      }
      // One request's rows are refused: the others must not pay for it.
      for (const waiting of fresh) await this.store([waiting]);
    }
  }

  private async insert(group: readonly Waiting[]): Promise<number> {
    const rows = group.flatMap((waiting) => waiting.rows);
    const guarded = group.some((waiting) => isNearBoundary(waiting.receivedAt));
    for (let attempt = 1; ; attempt++) {
      try {
        return await (guarded ? this.insertGuarded(rows) : insertEvents(this.database, rows));
      } catch (error) {
        if (!(error instanceof TransactionConflict) || attempt === TRIES) throw error;
      }
    }
  }

  /**
   * Around midnight (UTC) of a month's first day the same event may arrive twice at once and belong to two months,
   * whose keys know nothing of each other, while the look into the other month sees only what is committed. So for
   * a minute before and after, one transaction at a time writes events, each with a fresh look: the lock is taken by
   * a statement of its own before the one that looks. The clocks of the processes may differ by less than that minute.
   */
  private insertGuarded(rows: readonly EventRow[]): Promise<number> {
    return this.database.transaction(async (sql: Sql) => {
      await sql.run(lockBoundary);
      return insertEvents(sql, rows);
    });
  }
}

/** Whether a month begins within a minute of this instant. */
const isNearBoundary = (receivedAt: Instant): boolean =>
  monthOf(receivedAt - CLOCKS_DIFFER_MS) !== monthOf(receivedAt + CLOCKS_DIFFER_MS);
