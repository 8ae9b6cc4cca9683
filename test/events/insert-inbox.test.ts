import { insertInbox, type InboxEntry } from '../../src/events/index.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const entry = (user: string, seq: number, kind: InboxEntry['kind'], body: InboxEntry['body']): InboxEntry => ({
  contactId: contactIdOf(user),
  seq,
  receivedAt: 1_772_352_000_000,
  kind,
  body,
});

test('entries of all kinds are stored by one statement, the same one once', async () => {
  const entries = [
    entry('ada', 1, 'consent', {}),
    entry('bob', 2, 'settled', { messageId: 'm', outcome: 'sent' }),
    entry('ada', 3, 'enrol', { scenarioId: 's', properties: { quote: '"\\{}' } }),
  ];
  const before = db.database.statements;
  await insertInbox(db.database, entries);
  expect(db.database.statements - before).toBe(1);
  await insertInbox(db.database, entries);
  const rows = await db.database.run({
    name: 'test-inbox-rows',
    text: 'SELECT lane, seq, contact_id, received_at, kind, body, month FROM inbox ORDER BY seq',
  });
  expect(rows).toEqual(
    entries.map(({ contactId, seq, receivedAt, kind, body }) => ({
      lane: laneOf(contactId),
      seq,
      contact_id: contactId,
      received_at: receivedAt,
      kind,
      body,
      month: null,
    })),
  );
});

test('nothing to put in asks the database nothing', async () => {
  const before = db.database.statements;
  await insertInbox(db.database, []);
  expect(db.database.statements).toBe(before);
});
