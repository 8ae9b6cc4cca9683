import { connected } from './server.ts';

/** As many writers as the service has. */
const WRITERS = 2;

/**
 * Writes the rows that the service has written once more, into the same tables of another database: with multi-row
 * INSERTs from JSON that lies ready, so many rows of every table a transaction, and no logic at all. Returns the milliseconds it took.
 */
export async function copyRows(from: string, to: string, tables: readonly string[], size: number): Promise<number> {
  const rounds = await readRounds(from, tables, size);
  let next = 0;
  const write = (): Promise<void> =>
    connected(to, async (client) => {
      while (next < rounds.length) {
        const round = rounds[next++]!;
        await client.query('BEGIN');
        for (const [index, table] of tables.entries()) {
          if (round[index] === undefined) continue;
          const text = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`;
          await client.query({ name: `copy-${table}`, text, values: [round[index]] });
        }
        await client.query('COMMIT');
      }
    });
  const started = performance.now();
  await Promise.all(Array.from({ length: WRITERS }, write));
  return performance.now() - started;
}

/** The JSON of the rows of every table, in portions. */
async function readRounds(url: string, tables: readonly string[], size: number): Promise<(string | undefined)[][]> {
  const rounds: (string | undefined)[][] = [];
  await connected(url, async (client) => {
    for (const [index, table] of tables.entries()) {
      const { rows } = await client.query<{ rows: string }>(
        `SELECT json_agg(t)::text AS rows
         FROM (SELECT *, (row_number() OVER () - 1) / $1::int AS round FROM ${table}) t GROUP BY round ORDER BY round`,
        [size],
      );
      for (const [round, row] of rows.entries()) (rounds[round] ??= [])[index] = row.rows;
    }
  });
  return rounds;
}
