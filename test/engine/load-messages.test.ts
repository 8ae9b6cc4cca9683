import { ensureMonths } from '../../src/database/index.ts';
import { loadMessages } from '../../src/engine/sql/load-messages.ts';
import { loadSends } from '../../src/engine/sql/load-sends.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 1 });
});
afterAll(() => db.close());

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** Rows of messages that a plan looked at. */
function looked(plan: Plan): number {
  const own = plan['Relation Name']?.startsWith('message')
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0;
  return own + (plan.Plans ?? []).reduce((sum, each) => sum + looked(each), 0);
}

test('a tick looks at the pending messages of its own contacts alone, also while statistics know of none', async () => {
  const ids = Array.from({ length: 4_000 }, (_, n) => contactIdOf(`user-${n}`));
  await db.database.run(
    {
      name: '',
      text: `
        INSERT INTO message (lane, month, id, contact_id, scenario_id, scenario_version, programme, step, channel, template,
                             template_version, category, purpose, priority, sender, needs_consent, subject_to, counts_toward,
                             planned_at, status, due_at)
        SELECT k.lane, date_trunc('month', now())::date, k.id, k.id, 's', 1, 'p', 'mail', 'email', 'mail', 1, 'marketing', 'news',
               50, 'brand', true, true, true, now(), 'held', now()
        FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)`,
    },
    [ids.map(laneOf), ids],
  );
  const asked = ids.slice(0, 200);
  const [explained] = await db.database.run<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    { name: '', text: `EXPLAIN (ANALYZE, FORMAT JSON) ${loadMessages.text}` },
    [asked.map(laneOf), asked, '2999-12-01'],
  );
  expect(looked(explained!['QUERY PLAN'][0].Plan)).toBe(asked.length);
});

test('with years of months the loads of one contact are not planned anew each time', async () => {
  const DAY = 86_400_000;
  const now = Date.UTC(2026, 9, 15);
  await ensureMonths(db.database, now - 900 * DAY, now + 40 * DAY);
  const keys = [[laneOf(contactIdOf('ada'))], [contactIdOf('ada')], '2026-10-01'];
  const kept = await db.database.transaction(async (sql) => {
    for (let time = 0; time < 10; time += 1) {
      await sql.run(loadMessages, keys);
      await sql.run(loadSends, [...keys, now - 93 * DAY]);
    }
    const names = [loadMessages.name, loadSends.name];
    const text = 'SELECT name, generic_plans AS kept FROM pg_prepared_statements WHERE name = ANY ($1::text[])';
    return sql.run<{ name: string; kept: number }>({ name: '', text }, [names]);
  });
  expect(Object.fromEntries(kept.map(({ name, kept: times }) => [name, times]))).toEqual({
    [loadMessages.name]: 5,
    [loadSends.name]: 5,
  });
});
