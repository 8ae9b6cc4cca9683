import { CONTACT_TABLES, LANE_TABLES_OF_NOBODY } from '../../src/rights/contact-tables.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

interface TableKeys {
  table: string;
  columns: string[];
  /** Columns of the primary key and of every other unique index. */
  primary: string[];
  unique: string[][];
}

describe('the schema', () => {
  let db: TestDatabase;
  let tables: TableKeys[];

  beforeAll(async () => {
    db = await createTestDatabase();
    tables = await db.dataSource.query<TableKeys[]>(`
      SELECT t.relname AS table,
        (SELECT json_agg(attname) FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped) AS columns,
        (SELECT json_agg(a.attname ORDER BY k.position)
           FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
           JOIN pg_attribute a ON a.attnum = k.attnum
          WHERE i.indrelid = t.oid AND i.indisprimary AND a.attrelid = t.oid) AS primary,
        (SELECT coalesce(json_agg(x.columns), '[]') FROM (
           SELECT json_agg(a.attname ORDER BY k.position) AS columns
             FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
             JOIN pg_attribute a ON a.attnum = k.attnum
            WHERE i.indrelid = t.oid AND i.indisunique AND a.attrelid = t.oid
            GROUP BY i.indexrelid) x) AS unique
      FROM pg_class t
      WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relnamespace = 'public'::regnamespace
      ORDER BY t.relname`);
  });
  afterAll(() => db.close());

  const laned = (): TableKeys[] => tables.filter(({ columns }) => columns.includes('lane'));

  test('every table that holds something of a contact carries the lane', () => {
    const contactScoped = tables.filter(({ columns }) =>
      columns.some((name) => /^(contact_id|user_id|enrollment_id|message_id)$/.test(name)),
    );
    expect(contactScoped.length).toBeGreaterThan(8);
    expect(contactScoped.filter(({ columns }) => !columns.includes('lane'))).toEqual([]);
  });

  test('C8: src/rights/contact-tables.ts says what becomes of every table of contacts at an export and an erasure', () => {
    const listed = [...CONTACT_TABLES.map(({ name }) => name), ...LANE_TABLES_OF_NOBODY];
    const personal = tables.filter(({ columns }) =>
      columns.some((name) => /^(lane|contact_id|user_id|enrollment_id|message_id)$/.test(name)),
    );
    expect(listed.toSorted()).toEqual(personal.map(({ table }) => table).toSorted());
  });

  test('C8: where rows stay after an erasure, the list says of every column what becomes of it', () => {
    for (const { name, erasure } of CONTACT_TABLES) {
      if (erasure === 'delete') continue;
      const listed = [...erasure.kept, ...Object.keys(erasure.changed)];
      const { columns } = tables.find(({ table }) => table === name)!;
      expect({ name, columns: listed.toSorted() }).toEqual({ name, columns: columns.toSorted() });
    }
  });

  test('a table with a lane has it first in its primary key', () => {
    expect(laned().filter(({ primary }) => primary?.[0] !== 'lane')).toEqual([]);
  });

  test('a table with a lane has it first in every unique index', () => {
    expect(
      laned().flatMap(({ table, unique }) => unique.filter((columns) => columns[0] !== 'lane').map(() => table)),
    ).toEqual([]);
  });

  test('tables that grow for ever are cut by month', async () => {
    const cut = await db.dataSource.query<{ relname: string }[]>(
      `SELECT relname FROM pg_class WHERE relkind = 'p' ORDER BY relname`,
    );
    expect(cut.map(({ relname }) => relname)).toEqual([
      'captured',
      'decision',
      'event',
      'hit',
      'inbound_text',
      'message',
      'message_return',
      'webhook_call',
    ]);
  });

  test('no foreign key and no sequence ties contacts of different lanes together', async () => {
    expect(await db.dataSource.query(`SELECT conname FROM pg_constraint WHERE contype = 'f'`)).toEqual([]);
    const sequences = await db.dataSource.query<{ relname: string }[]>(
      `SELECT relname FROM pg_class WHERE relkind = 'S'`,
    );
    expect(sequences.map(({ relname }) => relname)).toEqual(['migration_id_seq']);
  });

  test('there are 64 lanes', async () => {
    expect(await db.dataSource.query('SELECT count(*)::int AS n, min(lane), max(lane) FROM lane')).toEqual([
      { n: 64, min: 0, max: 63 },
    ]);
  });

  test('C2: the ledger takes rows and refuses to change, delete or truncate them', async () => {
    const contact = '00000000-0000-4000-8000-000000000001';
    await db.dataSource.query(
      `INSERT INTO consent_entry (lane, contact_id, ordinal, recorded_at, at, channel, purpose, action, source_kind, previous_hash, hash)
       VALUES (0, $1, 1, to_timestamp(0), to_timestamp(0), 'email', 'newsletter', 'granted', 'form', '', 'x')`,
      [contact],
    );
    for (const change of [
      `UPDATE consent_entry SET action = 'withdrawn'`,
      'DELETE FROM consent_entry',
      'TRUNCATE consent_entry',
    ]) {
      await expect(db.dataSource.query(change)).rejects.toThrow('consent_entry is append-only');
    }
  });
});
