import { CaptureAdapter, Channels, composeEmail, composeSms } from '../../src/channels/index.ts';
import { OutboxStore } from '../../src/channels/outbox.store.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { derivedId, contactIdOf } from '../../src/shared/ids.ts';
import type { TestDatabase } from '../support/database.ts';
import { createTestDatabase } from '../support/database.ts';

const START = Date.parse('2026-03-02T09:00:00.123Z');
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const planned = (user: string) => ({
  id: derivedId(contactIdOf(user), 'message', 1),
  contactId: contactIdOf(user),
  category: 'marketing',
  programme: 'welcome',
  scenarioId: 'welcome',
});

const mailTo = (user: string) =>
  composeEmail({
    message: planned(user),
    to: `${user}@example.com`,
    sender: { email: 'Relance <hello@example.com>', replyTo: 'care@example.com' },
    rendered: { subject: `100 % for ${user}`, html: '<p>Hi</p>', text: 'Hi', from: null },
    unsubscribeLink: 'https://relance.example.com/u/token',
  });

test('a captured mail keeps its headers, and a second attempt changes nothing (D3)', async () => {
  const clock = new VirtualClock(START);
  const adapter = new CaptureAdapter('email', db.database, clock);
  const message = mailTo('ada');
  expect(await adapter.deliver(message)).toMatchObject({ kind: 'sent' });
  clock.moveTo(START + 1000);
  expect(await adapter.deliver(message)).toMatchObject({ kind: 'sent' });
  const store = new OutboxStore(db.database);
  expect(await store.find(message.messageId)).toEqual({
    id: message.messageId,
    contactId: message.contactId,
    channel: 'email',
    to: 'ada@example.com',
    from: 'Relance <hello@example.com>',
    subject: '100 % for ada',
    preview: 'Hi',
    at: START,
    html: '<p>Hi</p>',
    text: 'Hi',
    headers: { 'Reply-To': 'care@example.com', ...message.headers },
  });
});

test('pages go from the newest to the oldest, each message once, also at one instant', async () => {
  const clock = new VirtualClock(START + 10_000);
  const adapter = new CaptureAdapter('email', db.database, clock);
  for (let index = 0; index < 12; index++) {
    if (index % 4 === 0) clock.moveTo(clock.now() + 1);
    await adapter.deliver(mailTo(`page${index}`));
  }
  const store = new OutboxStore(db.database);
  const seen: string[] = [];
  const instants: number[] = [];
  let before: string | undefined;
  do {
    const page = await store.list({ q: 'PAGE', limit: 5, before });
    seen.push(...page.messages.map((message) => message.to));
    instants.push(...page.messages.map((message) => message.at));
    before = page.next ?? undefined;
  } while (before !== undefined);
  expect(new Set(seen).size).toBe(12);
  expect(seen).toHaveLength(12);
  expect(instants).toEqual([...instants].sort((a, b) => b - a));
});

test('a search takes % and _ as they are written', async () => {
  const store = new OutboxStore(db.database);
  expect((await store.list({ q: '100 % for ada', limit: 50 })).messages).toHaveLength(1);
  expect((await store.list({ q: 'a_a', limit: 50 })).messages).toHaveLength(0);
});

test('lists filter by channel and by contact', async () => {
  const sms = composeSms({
    message: planned('tom'),
    to: '+33612345678',
    sender: { sms: 'RELANCE' },
    text: 'Hi STOP 36000',
  });
  await new CaptureAdapter('sms', db.database, new VirtualClock(START)).deliver(sms);
  const store = new OutboxStore(db.database);
  expect((await store.list({ channel: 'sms', limit: 50 })).messages.map((message) => message.to)).toEqual([
    '+33612345678',
  ]);
  expect(
    (await store.list({ contactId: contactIdOf('ada'), limit: 50 })).messages.map((message) => message.to),
  ).toEqual(['ada@example.com']);
});

test('a channel that is not configured is captured', async () => {
  const channels = new Channels({}, db.database, new VirtualClock(START));
  expect(channels.of('email').description).toMatch(/captured/);
  expect(channels.of('sms').description).toMatch(/captured/);
  await channels.close();
});

test('a database that is away is a temporary failure (D10)', async () => {
  const away = { run: () => Promise.reject(new Error('connection lost')) };
  expect(await new CaptureAdapter('email', away, new VirtualClock(START)).deliver(mailTo('eve'))).toMatchObject({
    kind: 'retry',
  });
});
