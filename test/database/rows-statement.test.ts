import { rowsStatement, runRows, type Sql, type Statement } from '../../src/database/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

interface Row {
  id: string;
  number: number | null;
  flag: boolean;
  text: string | null;
  body: Record<string, unknown> | null;
  at: number | null;
  day: string;
}

const echo = rowsStatement<Row>({
  name: 'test-rows',
  columns: [
    ['id', 'uuid'],
    ['double', 'integer', ({ number }) => number && number * 2],
    ['flag', 'boolean'],
    ['text', 'text'],
    ['body', 'jsonb'],
    ['at', 'float8'],
    ['day', 'date'],
  ],
  text: 'SELECT x.id, x.double, x.flag, x.text, x.body::jsonb AS body, to_timestamp(x.at / 1000) AS at, x.day FROM {rows}',
});

const ID = '4c5bb60e-8c50-57eb-8032-f1b6483b02a4';
const rows: Row[] = [
  {
    id: ID,
    number: 21,
    flag: true,
    text: `a "b", {c} \\ 'd' NULL é\n`,
    body: { list: [1, '"', null] },
    at: 1_772_352_000_123,
    day: '2026-03-01',
  },
  { id: ID, number: null, flag: false, text: null, body: null, at: null, day: '2026-03-02' },
  { id: ID, number: 0, flag: false, text: '', body: {}, at: 0, day: '2026-03-03' },
];

describe('a statement over rows', () => {
  test('brings every value across as it was', async () => {
    const found: Record<string, unknown>[] = [];
    const sql: Sql = {
      run: async (statement, values) => {
        found.push(...(await db.database.run(statement as Statement<Record<string, unknown>>, values)));
        return [];
      },
    };
    await runRows(sql, echo, rows);
    expect(found).toEqual(rows.map(({ number, ...row }) => ({ ...row, double: number === null ? null : number * 2 })));
  });

  test('is not run for no rows', async () => {
    const before = db.database.statements;
    await runRows(db.database, echo, []);
    expect(db.database.statements).toBe(before);
  });
});

describe('a connection', () => {
  test('plans its statements anew after some loans, and goes on working', async () => {
    const ping = { name: 'test-ping', text: 'SELECT $1::int AS n' };
    for (let n = 0; n < 100; n++) expect(await db.database.run(ping, [n])).toEqual([{ n }]);
  });
});
