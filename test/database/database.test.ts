import fc from 'fast-check';
import {
  Database,
  DatabaseUnavailable,
  RetryableDatabaseError,
  TransactionConflict,
  type Sql,
  type Statement,
} from '../../src/database/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const statement = <Row = unknown>(name: string, text: string): Statement<Row> => ({ name, text });
const insertLane = statement('t_insert', 'INSERT INTO lane (lane) VALUES ($1)');
const countLanes = statement<{ n: number }>('t_count', 'SELECT count(*) AS n FROM lane WHERE lane = $1');
const backendPid = statement<{ pid: number }>('t_pid', 'SELECT pg_backend_pid() AS pid');
const terminate = statement('t_terminate', 'SELECT pg_terminate_backend($1)');

describe('Database', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await createTestDatabase();
    database = db.database;
  });
  afterAll(() => db.close());

  const laneExists = async (lane: number): Promise<boolean> => (await database.run(countLanes, [lane]))[0]!.n === 1;

  describe('values', () => {
    test('an instant goes in as a number and comes back as the same number', async () => {
      const echo = statement<{ at: number }>('t_instant', 'SELECT to_timestamp($1::float8 / 1000) AS at');
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), async (instant) => {
          expect(await database.run(echo, [instant])).toEqual([{ at: instant }]);
        }),
        { numRuns: 200, examples: [[0], [-1], [999], [951_782_400_000], [1_793_491_200_001]] },
      );
    });

    test('an instant before the year 1 or after 9999 is read all the same', async () => {
      const far = statement(
        't_far',
        `SELECT '12000-01-01 00:00:00+00'::timestamptz AS after, 'infinity'::timestamptz AS never`,
      );
      expect(await database.run(far)).toEqual([{ after: Date.UTC(12_000, 0, 1), never: Number.POSITIVE_INFINITY }]);
    });

    test('microseconds are rounded to milliseconds', async () => {
      const micro = statement(
        't_micro',
        `SELECT '2026-03-01 08:00:00.123456+00'::timestamptz AS at, '2026-03-01 08:00:00.5+00'::timestamptz AS half`,
      );
      expect(await database.run(micro)).toEqual([
        { at: Date.UTC(2026, 2, 1, 8, 0, 0, 123), half: Date.UTC(2026, 2, 1, 8, 0, 0, 500) },
      ]);
    });

    test('int8 is a number, a date its text, json its value, null null', async () => {
      const types = statement(
        't_types',
        `SELECT 9007199254740991::int8 AS big, '2026-02-28'::date AS day, '{"a":[1,null]}'::jsonb AS doc, '"x"'::json AS text,
                NULL::timestamptz AS none, true AS yes, 0.5::float8 AS half, '00000000-0000-4000-8000-000000000001'::uuid AS id`,
      );
      expect(await database.run(types)).toEqual([
        {
          big: Number.MAX_SAFE_INTEGER,
          day: '2026-02-28',
          doc: { a: [1, null] },
          text: 'x',
          none: null,
          yes: true,
          half: 0.5,
          id: '00000000-0000-4000-8000-000000000001',
        },
      ]);
    });

    test('arrays of these types hold these values', async () => {
      const arrays = statement(
        't_arrays',
        `SELECT ARRAY[to_timestamp(1), NULL] AS instants, ARRAY[1, 2]::int8[] AS bigs, ARRAY['2026-01-01'::date] AS days,
                ARRAY['{"a":1}'::jsonb] AS docs`,
      );
      expect(await database.run(arrays)).toEqual([
        { instants: [1000, null], bigs: [1, 2], days: ['2026-01-01'], docs: [{ a: 1 }] },
      ]);
    });

    test('an int8 beyond the exact whole numbers is an error, not a wrong number', async () => {
      await expect(database.run(statement('t_huge', 'SELECT 9007199254740993::int8 AS n'))).rejects.toThrow(/beyond/);
    });

    test('arrays go in as arrays for unnest', async () => {
      const rows = statement<{ id: string; at: number; doc: unknown }>(
        't_unnest',
        `SELECT id, to_timestamp(at / 1000) AS at, doc::jsonb AS doc FROM unnest($1::uuid[], $2::float8[], $3::text[]) AS t (id, at, doc)`,
      );
      const id = '00000000-0000-4000-8000-000000000001';
      expect(
        await database.run(rows, [
          [id, id],
          [1, null],
          ['{"q":"a,\\"b\\""}', null],
        ]),
      ).toEqual([
        { id, at: 1, doc: { q: 'a,"b"' } },
        { id, at: null, doc: null },
      ]);
    });

    test('the session is at UTC whatever the server says', async () => {
      expect(await database.run(statement('t_zone', `SELECT current_setting('TimeZone') AS zone`))).toEqual([
        { zone: 'UTC' },
      ]);
    });
  });

  describe('transactions', () => {
    test('what a transaction did is kept when it returns', async () => {
      const result = await database.transaction(async (sql) => {
        await sql.run(insertLane, [100]);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await laneExists(100)).toBe(true);
    });

    test('D2: what a transaction did is undone when it throws, and its error is the one thrown', async () => {
      const failure = new Error('no');
      const work = database.transaction(async (sql) => {
        await sql.run(insertLane, [101]);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await laneExists(101)).toBe(false);
    });

    test('a failed statement that was swallowed does not pass for a commit', async () => {
      const work = database.transaction(async (sql) => {
        await sql.run(insertLane, [102]);
        await sql.run(insertLane, [102]).catch(() => {});
      });
      await expect(work).rejects.toThrow('had failed unnoticed');
      expect(await laneExists(102)).toBe(false);
    });

    test('statements started together each get their own rows, in the transaction', async () => {
      const rows = await database.transaction((sql) =>
        Promise.all([10, 11, 12].map((lane) => sql.run(countLanes, [lane]))),
      );
      expect(rows).toEqual([[{ n: 1 }], [{ n: 1 }], [{ n: 1 }]]);
    });

    test('a connection is whole again after a failed transaction', async () => {
      for (let i = 0; i < 30; i++) {
        await expect(database.transaction((sql) => sql.run(insertLane, [0]))).rejects.toThrow('duplicate key');
      }
      expect(await laneExists(0)).toBe(true);
    });
  });

  describe('errors', () => {
    test('an error of the statement stays what the driver says, with its code', async () => {
      const failure: unknown = await database.run(insertLane, [0]).catch((error: unknown) => error);
      expect(failure).not.toBeInstanceOf(RetryableDatabaseError);
      expect(failure).toMatchObject({ code: '23505' });
    });

    test('a serialization failure is a TransactionConflict', async () => {
      const serializable = statement('t_serializable', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const touch = statement('t_touch', 'UPDATE library SET revision = revision + 1');
      const work = database.transaction(async (sql) => {
        await sql.run(serializable);
        await sql.run(countLanes, [0]);
        await database.run(touch);
        await sql.run(touch);
      });
      await expect(work).rejects.toBeInstanceOf(TransactionConflict);
    });

    test('a deadlock is a TransactionConflict for one and success for the other', async () => {
      const lockLane = statement('t_lock', 'SELECT lane FROM lane WHERE lane = $1 FOR UPDATE');
      let arrived = 0;
      let bothHold!: () => void;
      const both = new Promise<void>((resolve) => (bothHold = resolve));
      const cross = (first: number, second: number) =>
        database.transaction(async (sql: Sql) => {
          await sql.run(lockLane, [first]);
          if (++arrived === 2) bothHold();
          await both;
          await sql.run(lockLane, [second]);
        });
      const outcomes = await Promise.allSettled([cross(1, 2), cross(2, 1)]);
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(failed).toHaveLength(1);
      expect(failed[0]!.reason).toBeInstanceOf(TransactionConflict);
    });

    test('a connection lost in a transaction is DatabaseUnavailable, nothing is kept, and the next one works', async () => {
      const work = database.transaction(async (sql) => {
        await sql.run(insertLane, [103]);
        const [row] = await sql.run(backendPid);
        await database.run(terminate, [row!.pid]);
        await sql.run(countLanes, [0]);
      });
      await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(await laneExists(103)).toBe(false);
    });

    test('a connection lost between statements of a transaction does not bring the process down', async () => {
      const work = database.transaction(async (sql) => {
        const [row] = await sql.run(backendPid);
        await database.run(terminate, [row!.pid]);
        const gone = statement<{ n: number }>('t_alive', 'SELECT count(*) AS n FROM pg_stat_activity WHERE pid = $1');
        while ((await database.run(gone, [row!.pid]))[0]!.n > 0);
        throw new Error('found something else wrong');
      });
      await expect(work).rejects.toThrow('found something else wrong');
      expect(await laneExists(0)).toBe(true);
    });

    test('an idle connection that was lost is replaced without an error', async () => {
      const [row] = await database.run(backendPid);
      const others = statement(
        't_end_all',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND $1::int IS NOT NULL`,
      );
      await database.run(others, [row!.pid]);
      await expect(
        Promise.all(Array.from({ length: 10 }, () => laneExists(0).catch((error: unknown) => error))),
      ).resolves.toBeDefined();
      expect(await laneExists(0)).toBe(true);
    });

    test('a closed database is DatabaseUnavailable', async () => {
      const other = await createTestDatabase();
      await other.close();
      await expect(other.database.run(countLanes, [0])).rejects.toBeInstanceOf(DatabaseUnavailable);
    });
  });

  test('counts statements, those of transactions included', async () => {
    const before = database.statements;
    await database.run(countLanes, [1]);
    await database.transaction(async (sql) => {
      await sql.run(countLanes, [1]);
      await sql.run(countLanes, [2]);
    });
    expect(database.statements - before).toBe(3);
  });

  test('statements are prepared once a connection', async () => {
    const prepared = statement<{ n: number }>(
      't_prepared',
      `SELECT count(*) AS n FROM pg_prepared_statements WHERE name = 't_prepared'`,
    );
    await database.transaction(async (sql) => {
      await sql.run(prepared);
      expect(await sql.run(prepared)).toEqual([{ n: 1 }]);
    });
  });
});
