/** A hand-written statement; prepared once a connection under its name. */
export interface Statement<Row = unknown> {
  /**
   * Unique in the program, at most 63 characters; equal names must have equal texts. Empty where the text is made on
   * the way: it is then planned for its values, and not kept.
   */
  readonly name: string;
  readonly text: string;
  /** Never set: carries the type of a row. */
  readonly row?: Row;
}

/**
 * Where statements run: a database (each by itself) or a transaction of it.
 * In rows a timestamptz is an `Instant` (epoch milliseconds), int8 a number, date `YYYY-MM-DD`, json parsed.
 * As values, instants are numbers (`to_timestamp($1::float8 / 1000)`) and arrays are arrays (`unnest($1::uuid[])`).
 */
export interface Sql {
  run<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * One connection: statements by themselves, transactions one after the other, and the advisory locks of the session, which
 * live as long as both do.
 */
export interface Session extends Sql {
  /** As `Database.transaction`. No other statement of the session may be sent meanwhile. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}
