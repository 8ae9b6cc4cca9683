import type { SqlCondition } from '../audience/index.ts';
import type { Sql, Statement } from '../database/index.ts';
import type { Id } from '../shared/ids.ts';

interface LaneCensus {
  /** Contacts who meet the condition for certain. */
  count: number;
  /** User ids of the first of them. */
  sample: string[];
  /** Contacts of whom SQL cannot tell. */
  unsure: Id[];
}

/** Counts one lane by a compiled condition, in one statement; `most` is how many user ids it gives. */
export async function laneCensus(sql: Sql, condition: SqlCondition, lane: number, most: number): Promise<LaneCensus> {
  const [row] = await sql.run(statementOf(condition), [...condition.values, lane, most]);
  return row!;
}

/** Without a name: its text is of this condition alone, and is planned for these very values. */
function statementOf({ from, may, must, exact, values }: SqlCondition): Statement<LaneCensus> {
  const [lane, most] = [`$${values.length + 1}::smallint`, `$${values.length + 2}::integer`];
  return {
    name: '',
    text: `
      WITH found AS MATERIALIZED (
        SELECT c.id, c.user_id, ${exact ? 'TRUE' : must} AS sure FROM ${from} WHERE c.lane = ${lane} AND ${may}
      )
      SELECT count(*) FILTER (WHERE f.sure)::integer AS count,
             ARRAY(SELECT g.user_id FROM found g WHERE g.sure AND g.user_id IS NOT NULL ORDER BY g.id LIMIT ${most}) AS sample,
             ARRAY(SELECT g.id::text FROM found g WHERE NOT g.sure ORDER BY g.id) AS unsure
      FROM found f`,
  };
}
