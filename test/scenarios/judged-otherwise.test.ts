import { LibraryService, PublishService } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { POLICY, publishable, SEND } from './sources.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T08:00:00Z');
const LETTER = `reentry: always\n${SEND('letter')}`;
const TEMPLATE = { id: 'letter', files: { 'meta.yaml': 'subject: Hello\n', 'email.html.hbs': '<p>Hello</p>' } };

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.close());

const published = async (policy: string, at: number) => {
  const files = publishable({ letter: LETTER }, { policy: { source: `${POLICY}${policy}` }, templates: [TEMPLATE] });
  await new PublishService(db.database).apply(files, at);
  return new LibraryService(db.database, { now: () => at }).current();
};
const weekly = (max: number): string =>
  `pressure: [{ rule: weekly, window: { rolling: 7d }, max: ${max}, onBlocked: { hold: 10d } }]\n`;

test.each<[string, string, string, string]>([
  ['a higher maximum gives it room', weekly(1), weekly(2), 'sent 2'],
  ['a rule that is gone holds it no longer', weekly(1), '', 'sent 2'],
  ['a lower maximum blocks what is past its hold', weekly(1), weekly(0), 'blocked 2'],
  ['what is no matter of rules or hours leaves it alone', weekly(1), `${weekly(1)}lateEvents: 12h\n`, 'held 168'],
])('P9: what waits is judged by a new policy as soon as it is published: %s', async (_what, before, after, said) => {
  const run = new PostgresRun(db.database, await published(before, START), START);
  await run.identify('ada', { email: 'ada@example.com', country: 'BE', timezone: 'Europe/Brussels' });
  await run.consent('ada', 'granted');
  for (let mail = 0; mail < 2; mail += 1) {
    await run.track('ada', 'Begun');
    await run.settleInstant();
  }
  await run.runUntil(START + 2 * HOUR);
  run.library = await published(after, run.clock.now());
  await run.settleInstant();
  const { messages, decisions } = await run.of('ada');
  const last = messages
    .sort((a, b) => a.plannedAt - b.plannedAt || a.judged - b.judged)
    .find(({ heldUntil }) => heldUntil !== null)!;
  expect(`${last.status} ${((last.settledAt ?? last.dueAt) - START) / HOUR}`).toBe(said);
  const versions = decisions.filter(({ messageId }) => messageId === last.id).map(({ policyVersion }) => policyVersion);
  expect(versions.sort()).toEqual(said.startsWith('held') ? [1] : [1, 2]);
});
