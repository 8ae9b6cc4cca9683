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
 * The connection is gone or cannot be made: try again later. When it went during COMMIT the work may have been kept,
 * which is why all work collides with itself when done twice (rule D2).
 */
export class DatabaseUnavailable extends RetryableDatabaseError {}

/** serialization_failure, deadlock_detected, lock_not_available. */
const CONFLICTS = new Set(['40001', '40P01', '55P03']);
/** Admin or crash shutdown, starting up, too many connections, idle in a transaction for too long. */
const GONE = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03']);
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

/** The error as callers see it: conflicts and lost connections as their own types, anything else as it is. */
export function classify(error: unknown): unknown {
  // Not `instanceof Error`: the runtime's own errors are of another realm under a test runner.
  if (!types.isNativeError(error) || error instanceof RetryableDatabaseError) return error;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && CONFLICTS.has(code)) return new TransactionConflict(error.message, error);
  return isConnectionLoss(error)
    ? new DatabaseUnavailable(`the database cannot be reached: ${error.message}`, error)
    : error;
}

function isConnectionLoss(error: Error): boolean {
  const { code } = error as { code?: unknown };
  if (error instanceof pg.DatabaseError)
    return code !== undefined && (GONE.has(String(code)) || String(code).startsWith('08'));
  if ('errors' in error) return (error as AggregateError).errors.some((one: Error) => isConnectionLoss(one));
  return (typeof code === 'string' && SOCKET.has(code)) || WORDS.test(error.message);
}
