import { appendToLedger } from '../../../src/consent/index.ts';
import { addressMark } from '../../../src/channels/index.ts';
import { VirtualClock } from '../../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../../src/shared/ids.ts';
import type { Report } from '../../../src/tracking/returns/report.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  addMessages,
  addPeople,
  clear,
  library,
  person,
  readyFor,
  scene,
  settleEngine,
  START,
  stored,
  storedOne,
} from '../../dispatch/setting.ts';
import { DAY, HOUR } from '../../gate/factories.ts';
import { about, clearReturns, effects, markSent, returnsOn, SECRET } from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await clear(db.database);
  await clearReturns(db.database);
});
afterAll(() => db.close());

// The ledger forgets nothing, so each test has an Ada of her own.
let ada = 'ada';
let adas = 0;
beforeEach(() => (ada = `ada-${++adas}`));
const addAda = (): Promise<void> => addPeople(db.database, [person(ada, { email: 'ada@example.com' })]);

async function sentTo(userId: string, fields = {}) {
  const mail = readyFor(userId, fields);
  await addMessages(db.database, [mail]);
  await markSent(db.database, mail);
  return mail;
}

async function setUp(fields = {}) {
  await addAda();
  const mail = await sentTo(ada, fields);
  const clock = new VirtualClock(START + HOUR);
  return { mail, clock, returns: returnsOn(db.database, clock) };
}

test('L21, P6: a hard bounce suppresses that address on that channel; the message keeps its room and its outcome', async () => {
  const { mail, returns } = await setUp();
  expect(await returns.take([about(mail, { at: START + 1 })])).toEqual(['settled']);
  expect(await effects(db.database)).toEqual({
    messages: [{ id: mail.id, status: 'sent', deliveredAt: null, bouncedAt: START + 1, countedAt: START }],
    suppressions: [{ channel: 'email', address: 'ada@example.com', reason: 'hard-bounce' }],
    entries: [],
    events: [{ name: 'Email Bounced', active: false, bounce: 'hard' }],
    pauses: [],
    returns: [{ kind: 'hard' }],
  });
});

test('L21: the same report again, also many times at once, changes nothing', async () => {
  const { mail, returns } = await setUp();
  const reports = Array.from({ length: 6 }, () => returns.take([about(mail)]));
  const taken = (await Promise.all(reports)).flat();
  expect(taken.sort()).toEqual(['known', 'known', 'known', 'known', 'known', 'settled']);
  const before = await effects(db.database);
  expect(before.events).toHaveLength(1);
  expect(await returns.take([about(mail, { reason: 'in other words', source: 'another' })])).toEqual(['known']);
  expect(await effects(db.database)).toEqual(before);
});

test('L21: a complaint suppresses the address and withdraws the purpose, in the ledger as a complaint', async () => {
  const { mail, returns } = await setUp();
  await returns.take([about(mail, { kind: 'complained', reason: 'abuse' } as Partial<Report>)]);
  expect(await effects(db.database)).toMatchObject({
    suppressions: [{ channel: 'email', address: 'ada@example.com', reason: 'complaint' }],
    entries: [{ purpose: 'newsletter', action: 'withdrawn', sourceKind: 'complaint' }],
    events: [{ name: 'Email Marked as Spam' }],
    messages: [{ bouncedAt: null }],
  });
});

test('L21: a complaint of somebody who has withdrawn already leaves no second entry', async () => {
  const { mail, returns } = await setUp();
  const source = { kind: 'form', reference: null };
  const rest = { legalBasis: null, source, textVersion: null, text: null, ip: null, userAgent: null };
  await db.database.transaction((sql) =>
    appendToLedger(
      sql,
      mail.contactId,
      [{ ...rest, channel: 'email', purpose: 'newsletter', action: 'withdrawn', at: START }],
      START,
    ),
  );
  await returns.take([about(mail, { kind: 'complained', reason: 'abuse' } as Partial<Report>)]);
  expect((await effects(db.database)).entries).toHaveLength(1);
});

test('L21: the order of reports does not matter', async () => {
  const inOrder = async (order: (reports: Report[]) => Report[]) => {
    const { mail, returns } = await setUp();
    const reports = [
      about(mail, { kind: 'delivered', at: START + 1 } as Partial<Report>),
      about(mail, { at: START + 2 }),
      about(mail, { kind: 'complained', reason: 'abuse', at: START + 3 } as Partial<Report>),
    ];
    expect(await returns.take(order(reports))).toEqual(['settled', 'settled', 'settled']);
    const { messages, suppressions, events, ...rest } = await effects(db.database);
    await clear(db.database);
    await clearReturns(db.database);
    // Which of two reasons an address was suppressed for first is history; that it is, is not.
    return { ...rest, suppressions: suppressions.length, events: events.length, message: { ...messages[0], id: '' } };
  };
  const one = await inOrder((reports) => reports);
  ada = 'ada-again';
  expect(await inOrder((reports) => reports.toReversed())).toEqual(one);
});

test('L21: what waits for a suppressed address is judged again at once', async () => {
  const { mail, returns } = await setUp();
  const [held, ready] = [
    readyFor(ada, { status: 'held', dueAt: START + DAY, countedAt: null }),
    readyFor(ada, { dueAt: START }),
  ];
  await addMessages(db.database, [held, ready]);
  await returns.take([about(mail)]);
  await settleEngine(db.database, library(), START + HOUR);
  const { dispatcher, email } = scene(db.database);
  await dispatcher.handOver(10);
  const after = await stored(db.database);
  for (const { id } of [held, ready])
    expect(after.get(id)).toMatchObject({ status: 'blocked', gate: 'suppression', reason: 'hard-bounce' });
  expect(email.given).toEqual([]);
});

describe('soft bounces', () => {
  const soft: Partial<Report> = { meaning: 'soft', status: '5.2.2' } as Partial<Report>;
  const many = async (count: number) => {
    await addAda();
    const mails = [];
    for (let index = 0; index < count; index++) mails.push(await sentTo(ada, { plannedAt: START + index }));
    return { mails, clock: new VirtualClock(START + HOUR) };
  };

  test('L21: are counted, and suppress with the number of the policy only', async () => {
    const { mails, clock } = await many(5);
    const returns = returnsOn(db.database, clock);
    for (const [index, mail] of mails.entries()) {
      expect((await effects(db.database)).suppressions).toEqual([]);
      await returns.take([about(mail, { ...soft, at: START + index }), about(mail, { ...soft, at: START + index })]);
    }
    expect((await effects(db.database)).suppressions).toEqual([
      { channel: 'email', address: 'ada@example.com', reason: 'soft-bounces' },
    ]);
  });

  test('what nobody understands counts among them, once a message, and is told as not understood', async () => {
    const { mails, clock } = await many(2);
    const returns = returnsOn(db.database, clock, library({ softBounces: { max: 2, within: '1d' } }));
    const at = START + 10;
    const unknown = { meaning: 'unknown', status: '5.5.0', reason: 'computer says no', at } as Partial<Report>;
    await returns.take([about(mails[0]!, unknown), about(mails[0]!, { ...soft, at })]);
    expect((await effects(db.database)).suppressions).toEqual([]);
    await returns.take([about(mails[1]!, { ...unknown, meaning: 'rejected' } as Partial<Report>)]);
    expect((await effects(db.database)).suppressions).toEqual([]);
    await returns.take([about(mails[1]!, unknown)]);
    expect(await effects(db.database)).toMatchObject({
      suppressions: [{ reason: 'soft-bounces' }],
      events: [{ bounce: 'unknown' }, { bounce: 'soft' }, { bounce: 'rejected' }, { bounce: 'unknown' }],
    });
  });

  test('L21: a delivery begins the count anew, and so does time', async () => {
    const { mails, clock } = await many(4);
    const returns = returnsOn(db.database, clock, library({ softBounces: { max: 2, within: '1d' } }));
    await returns.take([about(mails[0]!, { ...soft, at: START + 10 })]);
    await returns.take([about(mails[1]!, { kind: 'delivered', at: START + 20 } as Partial<Report>)]);
    await returns.take([about(mails[2]!, { ...soft, at: START + 30 })]);
    expect((await effects(db.database)).suppressions).toEqual([]);
    clock.moveTo(START + 2 * DAY);
    await returns.take([about(mails[3]!, { ...soft, at: START + 2 * DAY })]);
    expect((await effects(db.database)).suppressions).toEqual([]);
  });
});

test('D10, L20: a fault of the sender pauses the channel and suppresses nobody', async () => {
  const { mail, returns } = await setUp();
  await returns.take([
    about(mail, { meaning: 'sender-fault', status: '5.7.515', reason: '550 5.7.515 Access denied' } as Partial<Report>),
  ]);
  expect(await effects(db.database)).toMatchObject({
    suppressions: [],
    entries: [],
    pauses: [{ channel: 'email', reason: '550 5.7.515 Access denied' }],
  });
});

test('D10: one that comes days later pauses nothing: it says nothing of today', async () => {
  const { mail, returns, clock } = await setUp();
  clock.moveTo(START + 3 * DAY);
  await returns.take([about(mail, { meaning: 'sender-fault', status: '5.7.1' } as Partial<Report>)]);
  expect((await effects(db.database)).pauses).toEqual([]);
});

describe('which address', () => {
  const changed = (email: string): Promise<unknown> =>
    db.database.run({ name: 'test-new-address', text: 'UPDATE contact SET email = $2 WHERE lane = $3 AND id = $1' }, [
      contactIdOf(ada),
      email,
      laneOf(contactIdOf(ada)),
    ]);
  const mark = addressMark('ada@example.com', SECRET);

  test.each<[string, Partial<Report>, string[]]>([
    [
      'the mark is of an address the contact no longer has: that one, if the report names it',
      { mark, recipient: 'Ada@example.com' },
      ['ada@example.com'],
    ],
    ['the mark is of an address that nobody names: none', { mark, recipient: 'forwarded@example.net' }, []],
    ['a provider names the address it was given', { recipient: 'ada@example.com' }, ['ada@example.com']],
    ['nothing is named: the address of today', {}, ['new@example.com']],
  ])('%s', async (_name, fields, addresses) => {
    const { mail, returns } = await setUp();
    await changed('new@example.com');
    expect(await returns.take([about(mail, fields)])).toEqual(['settled']);
    expect((await effects(db.database)).suppressions.map(({ address }) => address)).toEqual(addresses);
  });
});

test('what was never handed over, is of another channel, or is unknown is about nothing', async () => {
  await addAda();
  const held = readyFor(ada, { status: 'held' });
  await addMessages(db.database, [held]);
  const mail = await sentTo(ada);
  const returns = returnsOn(db.database, new VirtualClock(START));
  const reports = [
    about(held),
    about(mail, { channel: 'sms' }),
    about(mail, { messageId: '00000000-0000-8000-8000-000000000000' }),
    about(mail, { messageId: null }),
  ];
  expect(await returns.take(reports)).toEqual(['unmatched', 'unmatched', 'unmatched', 'unmatched']);
  expect(await effects(db.database)).toMatchObject({ suppressions: [], events: [], returns: [] });
});

test('a text message is found by what its provider calls it', async () => {
  await addAda();
  const text = await sentTo(ada, { channel: 'sms', template: 'text-a' });
  await db.database.run(
    { name: 'test-provided', text: `UPDATE message SET provider_id = 'SM1' WHERE lane = $1 AND id = $2` },
    [laneOf(text.id), text.id],
  );
  const returns = returnsOn(db.database, new VirtualClock(START));
  expect(
    await returns.take([about(text, { messageId: null, providerId: 'SM1', kind: 'delivered' } as Partial<Report>)]),
  ).toEqual(['settled']);
  expect((await effects(db.database)).events).toMatchObject([{ name: 'SMS Delivered' }]);
  expect(await storedOne(db.database, text)).toMatchObject({ status: 'sent' });
});
