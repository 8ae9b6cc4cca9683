import { ensureMonths } from '../../src/database/index.ts';
import { EventWriter, WaitedTooLong } from '../../src/events/event-writer.service.ts';
import type { EventRow } from '../../src/events/index.ts';
import type { Instant } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const APRIL = Date.parse('2026-04-01T00:00:00Z');

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await ensureMonths(db.database, APRIL - 70 * DAY, APRIL + 60 * DAY);
});
afterAll(() => db.close());
beforeEach(() => db.dataSource.query('DELETE FROM event; DELETE FROM inbox'));

let seq = 0;
function row(user: string, messageId: string, receivedAt: Instant): EventRow {
  const contactId = contactIdOf(user);
  return {
    lane: laneOf(contactId),
    id: derivedId(contactId, 'event', messageId),
    contactId,
    userId: user,
    seq: ++seq,
    type: 'track',
    name: 'Order Completed',
    at: receivedAt,
    receivedAt,
    properties: '{"quote":"\\"é\\\\,{}"}',
    context: null,
    historical: false,
    active: true,
  };
}

/** A writer whose clock says that rows are written when they are received. */
const writer = (now: Instant, onStored: (stored: number) => void = () => {}): EventWriter =>
  new EventWriter(db.database, { now: () => now }, onStored);

const months = async (): Promise<string[]> =>
  (
    await db.database.run<{ month: string }>({
      name: 'test-months',
      text: 'SELECT month FROM event ORDER BY received_at',
    })
  ).map((event) => event.month);
const inboxed = async (): Promise<{ month: string; seq: number }[]> =>
  db.database.run({ name: 'test-inboxed', text: 'SELECT month, seq FROM inbox ORDER BY seq' });

test('the same event twice in one batch is stored once, the first of them', async () => {
  const stored: number[] = [];
  const rows = [row('ada', 'm1', APRIL + DAY), row('ada', 'm1', APRIL + DAY), row('ada', 'm2', APRIL + DAY)];
  await writer(APRIL + DAY, (count) => stored.push(count)).write(rows);
  expect(stored).toEqual([2]);
  expect((await inboxed()).map((item) => item.seq)).toEqual([rows[0]!.seq, rows[2]!.seq]);
});

test('the same messageId of two contacts is two events', async () => {
  await writer(APRIL + DAY).write([row('ada', 'm1', APRIL + DAY), row('bob', 'm1', APRIL + DAY)]);
  expect(await months()).toHaveLength(2);
});

test('text arrives as it was sent', async () => {
  await writer(APRIL + DAY).write([row('ada', 'm1', APRIL + DAY)]);
  const [event] = await db.database.run<{ properties: unknown }>({
    name: 'test-properties',
    text: 'SELECT properties FROM event',
  });
  expect(event!.properties).toEqual({ quote: '"é\\,{}' });
});

test.each([
  ['2026-03-31T23:58:00Z', '2026-04-01T00:02:00Z'],
  ['2026-03-31T23:58:00Z', '2026-04-30T23:58:00Z'],
  ['2026-03-31T23:58:00Z', '2026-05-01T00:02:00Z'],
  // Over the whole of February.
  ['2026-01-31T12:00:00Z', '2026-03-02T12:00:00Z'],
])('a messageId seen at %s changes nothing at %s', async (first, again) => {
  for (const [at, messageIds] of [
    [first, ['m1']],
    [again, ['m1', 'm2']],
  ] as const) {
    await writer(Date.parse(at)).write(messageIds.map((id) => row('ada', id, Date.parse(at))));
  }
  expect(await months()).toEqual([first, again].map((at) => `${at.slice(0, 7)}-01`));
  expect(await inboxed()).toHaveLength(2);
});

test('one that the clock of another process received in the month after is known all the same', async () => {
  await writer(APRIL + 5).write([row('ada', 'm1', APRIL + 5)]);
  await writer(APRIL - 5).write([row('ada', 'm1', APRIL - 5)]);
  expect(await months()).toEqual(['2026-04-01']);
});

test('the same event on both sides of a month’s boundary at once is stored once', async () => {
  for (let i = 0; i < 10; i++) {
    const [before, after] = [writer(APRIL - 5), writer(APRIL + 5)];
    await Promise.all([
      before.write([row('ada', `m${i}`, APRIL - 5), row('bob', `m${i}`, APRIL - 5)]),
      after.write([row('bob', `m${i}`, APRIL + 5), row('ada', `m${i}`, APRIL + 5)]),
    ]);
  }
  expect(await months()).toHaveLength(20);
  expect(await inboxed()).toHaveLength(20);
});

test('many writers with the same events in different orders store each once and never block each other for ever', async () => {
  const ids = Array.from({ length: 60 }, (_, i) => `m${i}`);
  const turned = (by: number): string[] => [...ids.slice(by), ...ids.slice(0, by)];
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      writer(APRIL + DAY).write(turned(i * 7).map((id) => row(`user-${id}`, id, APRIL + DAY))),
    ),
  );
  expect(await months()).toHaveLength(60);
  expect(await inboxed()).toHaveLength(60);
});

test('requests that wait for the database go together, each with its own outcome', async () => {
  const before = db.database.statements;
  const one = writer(APRIL + DAY);
  const faulty = { ...row('ada', 'bad', APRIL + DAY), properties: '{' };
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 50 }, (_, i) => one.write([row('ada', `m${i}`, APRIL + DAY)])),
    one.write([row('ada', 'other', APRIL + DAY), faulty]),
  ]);
  expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(1);
  expect(outcomes.at(-1)!.status).toBe('rejected');
  expect(await months()).toHaveLength(50);
  expect(db.database.statements - before).toBeLessThan(60);
});

test('rows that waited too long are given back, not written into a month that may be over', async () => {
  const late = writer(APRIL + 30_000).write([row('ada', 'm1', APRIL - 5)]);
  await expect(late).rejects.toThrow(WaitedTooLong);
  expect(await months()).toEqual([]);
});

test('one statement a batch, whatever its size', async () => {
  const one = writer(APRIL + DAY);
  for (const size of [1, 10, 500]) {
    const before = db.database.statements;
    await one.write(Array.from({ length: size }, (_, i) => row(`user-${i}`, `size-${size}`, APRIL + DAY)));
    expect(db.database.statements - before).toBe(1);
  }
});
