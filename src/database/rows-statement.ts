import { plainArray, textArray } from './arrays.ts';
import type { Sql, Statement } from './statement.ts';

type ColumnType = 'smallint' | 'integer' | 'float8' | 'boolean' | 'uuid' | 'date' | 'text' | 'jsonb';

/** A column of the rows: the name of a field, its type, and where the value is not the field itself, how to get it. */
export type RowsColumn<Row> =
  | readonly [name: keyof Row & string, type: ColumnType]
  | readonly [name: string, type: ColumnType, of: (row: Row) => unknown];

/** A statement that takes any number of rows; `x` in its text are the rows. */
export interface RowsStatement<Row> extends Statement {
  readonly columns: readonly RowsColumn<Row>[];
}

/**
 * A statement over rows. In its text, `{rows}` becomes `unnest($1::smallint[], …) AS x(lane, …)`: an array a column,
 * under the names of the fields. A `jsonb` column arrives as text: cast it. An instant is a `float8` of milliseconds.
 *
 * Arrays and not one JSON document, which PostgreSQL takes about as long to read as to write the rows with their indexes
 * (docs/performance.md).
 */
export function rowsStatement<Row>(statement: {
  name: string;
  text: string;
  columns: readonly RowsColumn<Row>[];
}): RowsStatement<Row> {
  const { name, text, columns } = statement;
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type === 'jsonb' ? 'text' : type}[]`);
  const names = columns.map(([field]) => `"${field}"`);
  return { name, columns, text: text.replace('{rows}', `unnest(${arrays.join(', ')}) AS x(${names.join(', ')})`) };
}

/** Runs it, unless there are no rows. */
export async function runRows<Row>(sql: Sql, statement: RowsStatement<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length > 0)
    await sql.run(
      statement,
      statement.columns.map((column) => arrayOf(column, rows)),
    );
}

function arrayOf<Row>([name, type, of]: RowsColumn<Row>, rows: readonly Row[]): string | Buffer {
  const values = rows.map((row) => (of === undefined ? row[name as keyof Row] : of(row)) ?? null);
  if (type === 'text') return textArray(values as (string | null)[]);
  if (type === 'jsonb') return textArray(values.map((value) => (value === null ? null : JSON.stringify(value))));
  return plainArray(values as (string | number | boolean | null)[]);
}
