import {
  dropMonthsBefore,
  ensureMonths,
  ensureMonthsAhead,
  monthsBetween,
  type Statement,
} from '../../src/database/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const CONTACT = '00000000-0000-4000-8000-000000000001';
const insertEvent: Statement = {
  name: 't_event',
  text: `INSERT INTO event (lane, month, id, contact_id, seq, type, name, at, received_at, properties)
         SELECT 0, $1::date, gen_random_uuid(), $2::uuid, n, 'track', 'Order', to_timestamp(0), to_timestamp(0), '{"n":1}' FROM generate_series(1, $3::int) n`,
};
const whereEvents: Statement<{ part: string; n: number }> = {
  name: 't_where',
  text: 'SELECT tableoid::regclass::text AS part, count(*) AS n FROM event GROUP BY 1 ORDER BY 1',
};
const partNames: Statement<{ name: string }> = {
  name: 't_parts',
  text: `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r' AND relname NOT LIKE '%default' ORDER BY 1`,
};
const at = (text: string): number => Date.parse(text);

describe('monthly parts', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await createTestDatabase();
  });
  afterEach(() => db.close());

  const insert = (month: string, count = 1): Promise<unknown> => db.database.run(insertEvent, [month, CONTACT, count]);
  const parts = async (): Promise<string[]> => (await db.database.run(partNames)).map(({ name }) => name);

  test('months are listed from the first to the last, over the turn of a year', () => {
    expect(monthsBetween(at('2026-11-30T23:59:59.999Z'), at('2027-02-01T00:00:00Z'))).toEqual([
      '2026-11-01',
      '2026-12-01',
      '2027-01-01',
      '2027-02-01',
    ]);
  });

  test('every table gets a part for each month, and a second call makes nothing', async () => {
    const [from, to] = [at('2026-11-15T00:00:00Z'), at('2026-12-01T00:00:00Z')];
    const made = await ensureMonths(db.database, from, to);
    expect(made.toSorted()).toEqual([
      'captured_2026_11',
      'captured_2026_12',
      'decision_2026_11',
      'decision_2026_12',
      'event_2026_11',
      'event_2026_12',
      'hit_2026_11',
      'hit_2026_12',
      'inbound_text_2026_11',
      'inbound_text_2026_12',
      'message_2026_11',
      'message_2026_12',
      'message_return_2026_11',
      'message_return_2026_12',
      'webhook_call_2026_11',
      'webhook_call_2026_12',
    ]);
    expect(await parts()).toEqual(made.toSorted());
    expect(await ensureMonths(db.database, from, to)).toEqual([]);
  });

  test('this month and the next two are made ahead', async () => {
    await ensureMonthsAhead(db.database, at('2026-12-31T12:00:00Z'));
    expect((await parts()).filter((name) => name.startsWith('event'))).toEqual([
      'event_2026_12',
      'event_2027_01',
      'event_2027_02',
    ]);
  });

  test('rows go to the part of their month, and to the default part where there is none', async () => {
    await ensureMonths(db.database, at('2026-11-01T00:00:00Z'), at('2026-11-01T00:00:00Z'));
    await insert('2026-11-01', 2);
    await insert('2026-12-01');
    expect(await db.database.run(whereEvents)).toEqual([
      { part: 'event_2026_11', n: 2 },
      { part: 'event_default', n: 1 },
    ]);
  });

  test('rows that went to the default part move to their month when it is made', async () => {
    await insert('2026-11-01', 3);
    await insert('2026-12-01', 2);
    await ensureMonths(db.database, at('2026-11-01T00:00:00Z'), at('2026-11-30T00:00:00Z'));
    expect(await db.database.run(whereEvents)).toEqual([
      { part: 'event_2026_11', n: 3 },
      { part: 'event_default', n: 2 },
    ]);
  });

  test('a part has the keys and indexes of its table', async () => {
    await ensureMonths(db.database, at('2026-11-01T00:00:00Z'), at('2026-11-01T00:00:00Z'));
    const indexes: Statement<{ part: string; n: number }> = {
      name: 't_indexes',
      text: `SELECT tablename AS part, count(*) AS n FROM pg_indexes WHERE tablename IN ('message', 'message_2026_11') GROUP BY 1 ORDER BY 1`,
    };
    const [whole, part] = await db.database.run(indexes);
    expect(part!.n).toBe(whole!.n);
    expect(part!.n).toBeGreaterThan(5);
  });

  test('several processes may make them at once, while others write', async () => {
    const [from, to] = [at('2026-09-01T00:00:00Z'), at('2027-02-01T00:00:00Z')];
    const writing = { on: true };
    const writers = [1, 2, 3].map(async () => {
      let written = 0;
      for (; writing.on; written++) await insert(monthsBetween(from, to)[written % 6]!);
      return written;
    });
    const made = await Promise.all([1, 2, 3, 4].map(() => ensureMonths(db.database, from, to)));
    writing.on = false;
    const written = (await Promise.all(writers)).reduce((a, b) => a + b);
    expect(made.flat()).toHaveLength(8 * 6);
    const found = await db.database.run(whereEvents);
    expect(found.map(({ part }) => part)).not.toContain('event_default');
    expect(found.reduce((sum, { n }) => sum + n, 0)).toBe(written);
  });

  test('old months are dropped whole, from the default part too, and younger ones stay', async () => {
    await ensureMonths(db.database, at('2026-08-01T00:00:00Z'), at('2026-11-01T00:00:00Z'));
    for (const month of ['2025-01-01', '2026-08-01', '2026-09-01', '2026-10-01', '2026-11-01', '2027-03-01'])
      await insert(month);
    expect(await dropMonthsBefore(db.database, 'event', '2026-10-01')).toEqual(['event_2026_08', 'event_2026_09']);
    expect(await db.database.run(whereEvents)).toEqual([
      { part: 'event_2026_10', n: 1 },
      { part: 'event_2026_11', n: 1 },
      { part: 'event_default', n: 1 },
    ]);
    expect((await parts()).filter((name) => /^message_\d/.test(name))).toHaveLength(4);
    expect(await dropMonthsBefore(db.database, 'event', '2026-10-01')).toEqual([]);
  });
});
