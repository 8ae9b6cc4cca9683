import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { classify, DatabaseUnavailable, RetryableDatabaseError } from './failure.ts';
import { rowTypes } from './row-types.ts';
import type { Session, Sql, Statement } from './statement.ts';

/**
 * Loans of a connection after which it plans its statements anew. PostgreSQL keeps the plan of a prepared statement until
 * the table's statistics change, at most once a minute: a plan made while a table was empty (a new installation, the
 * first minute of a month) takes any index for as good as another, and reads a whole lane for every contact a moment
 * later. Planning looks at how large a table is now; all statements of a tick are planned in about 3 ms.
 */
const LOANS_A_PLAN = 16;

/** One connection while it is lent. */
interface Connection {
  readonly client: pg.ClientBase;
  broken: boolean;
}

/**
 * Runs hand-written statements over TypeORM's connections, on the driver itself: prepared by name, rows as plain
 * objects. Errors that may go away are `TransactionConflict` and `DatabaseUnavailable`; others are the driver's own.
 */
@Injectable()
export class Database implements Sql {
  /**
   * When it last refused to work on a connection that lives (full, read-only, out of memory), by `performance.now()`;
   * null since it was seen to work again (`isUsable`).
   */
  refusedAt: number | null = null;
  private count = 0;
  private readonly loans = new WeakMap<pg.ClientBase, number>();

  constructor(private readonly dataSource: DataSource) {}

  /** Named statements run so far, those of transactions included; BEGIN and COMMIT are not counted. */
  get statements(): number {
    return this.count;
  }

  /** Runs one statement by itself. */
  async run<Row>(statement: Statement<Row>, values: readonly unknown[] = []): Promise<Row[]> {
    return this.withConnection(({ client }) => this.send(client, statement, values));
  }

  /**
   * Does `work` in one transaction (READ COMMITTED): committed when it returns, rolled back when it throws.
   * `sql` is good until then. It is not tried again here: who asks knows whether the facts must be read anew.
   */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.withConnection((connection) => this.transactionOn(connection, work));
  }

  /**
   * Does `work` on one connection, so that what it commits is fenced by the locks that it holds: advisory locks taken for
   * the session outlast its transactions, and when the connection dies, nothing more is committed on it. They are let go
   * when the work ends.
   */
  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.withConnection(async (connection) => {
      try {
        return await work({
          run: (statement, values = []) => this.send(connection.client, statement, values),
          transaction: (inner) => this.transactionOn(connection, inner),
        });
      } finally {
        await letGo(connection);
      }
    });
  }

  private async transactionOn<T>(connection: Connection, work: (sql: Sql) => Promise<T>): Promise<T> {
    const { client } = connection;
    let result: T;
    try {
      await client.query('BEGIN');
      result = await work({ run: (statement, values = []) => this.send(client, statement, values) });
    } catch (error) {
      await rollBack(connection);
      throw classify(error);
    }
    const { command } = await client.query('COMMIT').catch((error: unknown) => {
      throw classify(error);
    });
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: `work` has swallowed one.
    if (command !== 'COMMIT')
      throw new Error('the transaction was rolled back: a statement in it had failed unnoticed');
    return result;
  }

  private async send<Row>(
    client: pg.ClientBase,
    statement: Statement<Row>,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.count++;
    const { name, text } = statement;
    try {
      const result = await client.query<Row & pg.QueryResultRow>({
        name,
        text,
        values: values as unknown[],
        types: rowTypes,
      });
      return result.rows;
    } catch (error) {
      throw classify(error);
    }
  }

  private async withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const [client, release] = await this.obtain();
    this.replanNowAndThen(client);
    const connection: Connection = { client, broken: false };
    const onError = (): void => {
      connection.broken = true;
    };
    client.on('error', onError);
    try {
      return await work(connection);
    } catch (error) {
      const failure = classify(error);
      if (failure instanceof DatabaseUnavailable) {
        if (failure.connectionIsLost) connection.broken = true;
        else this.refusedAt = performance.now();
      }
      throw failure;
    } finally {
      // The pool keeps no connection that it is told is broken, and listens to those it keeps itself.
      release(connection.broken);
      client.off('error', onError);
    }
  }

  private replanNowAndThen(client: pg.ClientBase): void {
    const loans = (this.loans.get(client) ?? 0) + 1;
    this.loans.set(client, loans);
    // Not waited for: it goes out with what comes next, and where it fails that fails too.
    if (loans % LOANS_A_PLAN === 0) client.query('DISCARD PLANS').catch(() => {});
  }

  private async obtain(): Promise<[pg.ClientBase, (broken: boolean) => void]> {
    try {
      const driver = this.dataSource.driver as PostgresDriver;
      return (await driver.obtainMasterConnection()) as [pg.ClientBase, (broken: boolean) => void];
    } catch (error) {
      throw classify(error);
    }
  }
}

/** The locks of the session; where that cannot be said, the connection ends, and they with it. */
async function letGo(connection: Connection): Promise<void> {
  try {
    await connection.client.query('SELECT pg_advisory_unlock_all()');
  } catch {
    connection.broken = true;
  }
}

async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.client.query('ROLLBACK');
  } catch (error) {
    // The server rolls back by itself when it loses the connection; the error that led here is the one to report.
    connection.broken = true;
    if (!(classify(error) instanceof RetryableDatabaseError)) throw error;
  }
}
