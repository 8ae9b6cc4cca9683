export { plainArray, textArray } from './arrays.ts';
export { instantColumn, int8Column, nullableInstantColumn } from './columns.ts';
export { connect, createDataSource, type Connections } from './data-source.ts';
export { Database } from './database.ts';
export { shareSnapshot, snapshot } from './snapshot.ts';
export { classify, DatabaseUnavailable, RetryableDatabaseError, TransactionConflict } from './failure.ts';
export { migrate } from './migrate.ts';
export { rowsStatement, runRows, type RowsStatement } from './rows-statement.ts';
export type { Session, Sql, Statement } from './statement.ts';
export { DatabaseModule } from './database.module.ts';
export {
  dropMonthsBefore,
  dropPart,
  ensureMonths,
  ensureMonthsAhead,
  monthsBetween,
  partsBefore,
  type MonthlyTable,
} from './partitions.ts';
export { Signal, wakeLoops } from './signal.ts';
export { isUsable } from './usable.ts';
export { type Embedded, startEmbedded } from './embedded/index.ts';
