import { types } from 'node:util';
import pg from 'pg';

/** The same work may succeed when it is done again; nothing of this try was kept, or it cannot be known (see `cause`). */
export class RetryableDatabaseError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** Another transaction was in the way: serialization failure, deadlock, lock timeout. Nothing was kept: try again at once. */
export class TransactionConflict extends RetryableDatabaseError {}

/**
 * The database cannot be used: it is gone, full, read-only, out of memory, or has cancelled the statement. Try again later.
 * Where it was lost during COMMIT the work may have been kept, which is why all work collides with itself when done twice
 * (rule D2). `connectionIsLost`: another connection may find another server.
 */
export class DatabaseUnavailable extends RetryableDatabaseError {
  constructor(
    message: string,
    cause: unknown,
    readonly connectionIsLost = true,
  ) {
    super(message, cause);
  }
}

/** serialization_failure, deadlock_detected, lock_not_available. */
const CONFLICTS = new Set(['40001', '40P01', '55P03']);
/** Admin or crash shutdown, starting up, dropped, idle for too long, or in a transaction; by class, what went wrong with a connection. */
const GONE = /^(57P0[1-5]|25P03|08...)$/;
/**
 * Outages that leave the connection: insufficient resources (a full disk, out of memory, too many connections), system
 * errors (I/O), a statement that was cancelled by a person or a time limit.
 */
const OUTAGES = /^(53...|58...|57014)$/;
/** read_only_sql_transaction, and what a standby or a failed-over server refuses: by a new connection one may find the one that is written to. */
const READ_ONLY = '25006';
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EADDRNOTAVAIL',
]);
/** The driver says these in words only. */
const WORDS =
  /Connection terminated|connection error and is not queryable|Client was closed|timeout exceeded when trying to connect|Cannot use a pool after calling end|Driver not Connected/;

/** The error as callers see it: conflicts and outages as their own types, anything else as it is. */
export function classify(error: unknown): unknown {
  // Not `instanceof Error`: the runtime's own errors are of another realm under a test runner.
  if (!types.isNativeError(error) || error instanceof RetryableDatabaseError) return error;
  // TypeORM's own queries, of plain reading and writing, come with its wrapping.
  if ('driverError' in error && types.isNativeError(error.driverError)) {
    const inner = classify(error.driverError);
    return inner instanceof RetryableDatabaseError ? inner : error;
  }
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && CONFLICTS.has(code)) return new TransactionConflict(error.message, error);
  if (isConnectionLoss(error))
    return new DatabaseUnavailable(`the database cannot be reached: ${error.message}`, error);
  if (!(error instanceof pg.DatabaseError)) return error;
  if (code === READ_ONLY) return new DatabaseUnavailable(`the database cannot be written: ${error.message}`, error);
  return OUTAGES.test(String(code))
    ? new DatabaseUnavailable(`the database cannot be used: ${error.message}`, error, false)
    : error;
}

function isConnectionLoss(error: Error): boolean {
  const { code } = error as { code?: unknown };
  if (error instanceof pg.DatabaseError) return code !== undefined && GONE.test(String(code));
  if ('errors' in error) return (error as AggregateError).errors.some((one: Error) => isConnectionLoss(one));
  return (typeof code === 'string' && SOCKET.has(code)) || WORDS.test(error.message);
}
