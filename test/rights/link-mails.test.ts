import type { DeliveryOutcome } from '../../src/channels/index.ts';
import { runRows } from '../../src/database/index.ts';
import { newContact } from '../../src/contacts/index.ts';
import { writeContacts } from '../../src/engine/sql/write-contacts.ts';
import type { Log } from '../../src/http/index.ts';
import { eraseContact } from '../../src/rights/erasure/erasure.store.ts';
import { LinkMails } from '../../src/rights/person/link-mails.service.ts';
import { providersOf } from '../../src/rights/recipients/recipients.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { UserError } from '../../src/shared/errors.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
const SENT: DeliveryOutcome = { kind: 'sent', providerId: 'x' };
const BUSY: DeliveryOutcome = { kind: 'retry', reason: '451 4.3.0 busy' };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 4 });
  for (const user of ['ada', 'bob']) {
    const email = user === 'ada' ? 'Ada@example.com' : 'bob@example.com';
    await runRows(db.database, writeContacts, [{ ...newContact(contactIdOf(user), user, START), email }]);
  }
});
afterEach(() => db.dataSource.query('TRUNCATE link_mail'));
afterAll(() => db.close());

function scene(answer: () => DeliveryOutcome | Promise<DeliveryOutcome>) {
  const clock = new VirtualClock(START);
  const given: string[] = [];
  const warned: object[] = [];
  const mails = new LinkMails({
    database: db.database,
    clock,
    log: { warn: (what: object) => warned.push(what) } as unknown as Log,
    mail: async ({ userId }) => {
      given.push(userId);
      return answer();
    },
  });
  const all = async (): Promise<void> => {
    while ((await mails.handOver()) > 0);
  };
  return { clock, given, warned, mails, all };
}
const waiting = (): Promise<{ contact_id: string | null }[]> => db.dataSource.query('SELECT contact_id FROM link_mail');

test('C8: known or not, one row is committed before the answer; the address that was written is not kept', async () => {
  const { mails, given, all } = scene(() => SENT);
  await mails.ask('ada@example.com');
  expect(await waiting()).toEqual([{ contact_id: contactIdOf('ada') }]);
  await mails.ask('nobody@example.com');
  expect(
    await db.dataSource.query(`SELECT count(*)::int AS n FROM link_mail t WHERE t::text LIKE '%example%'`),
  ).toEqual([{ n: 0 }]);
  expect(await waiting()).toHaveLength(2);
  await all();
  expect(given).toEqual(['ada']);
  expect(await waiting()).toEqual([]);
  expect(await mails.nextDue()).toBeNull();
});

test('what a process took and died with is handed over by the next', async () => {
  const dead = scene(() => Promise.reject(new Error('killed')));
  await dead.mails.ask('ada@example.com');
  await expect(dead.mails.handOver()).rejects.toThrow('killed');
  const next = scene(() => SENT);
  await next.all();
  expect(next.given).toEqual([]);
  next.clock.moveTo((await next.mails.nextDue())!);
  await next.all();
  expect(next.given).toEqual(['ada']);
  expect(await waiting()).toEqual([]);
});

test('a provider that is busy, and a policy that is not there yet, are asked again with back-off, for a day', async () => {
  let answer = (): DeliveryOutcome => BUSY;
  const { clock, mails, given, warned, all } = scene(() => answer());
  await mails.ask('ada@example.com');
  await all();
  expect(await mails.nextDue()).toBe(START + 30_000);
  answer = () => {
    throw new UserError('nothing is published');
  };
  for (let tries = 0; tries < 100 && (await waiting()).length > 0; tries++) {
    clock.moveTo((await mails.nextDue())!);
    await all();
  }
  expect(given.length).toBeGreaterThan(20);
  expect(clock.now()).toBeLessThan(START + 25 * HOUR);
  expect(warned).toEqual([{ outcome: 'retry', attempts: given.length }]);
});

test('what is refused for good is not tried again, and told without a name', async () => {
  const { mails, warned, all } = scene(() => ({ kind: 'failed', reason: '550 5.1.1 unknown', suppress: true }));
  await mails.ask('ada@example.com');
  await all();
  expect(await waiting()).toEqual([]);
  expect(warned).toEqual([{ outcome: 'failed', attempts: 1 }]);
});

test('L9, D4: an erasure waits for a mail that is being handed over, and takes those that wait with it', async () => {
  let [begin, finish] = [(): void => {}, (): void => {}];
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const done = new Promise<void>((resolve) => (finish = resolve));
  const { mails, given } = scene(async () => {
    begin();
    await done;
    return SENT;
  });
  await mails.ask('bob@example.com');
  await mails.ask('bob@example.com');
  const handing = mails.handOver();
  await begun;
  const order: string[] = [];
  const erased = eraseContact(
    db.database,
    contactIdOf('bob'),
    { origin: 'cli', actor: 'cli' },
    providersOf({}),
    START,
  ).then(() => order.push('erased'));
  order.push('handed over');
  finish();
  await handing;
  await erased;
  expect(order).toEqual(['handed over', 'erased']);
  expect(await waiting()).toEqual([]);
  expect(await mails.handOver()).toBe(0);
  expect(given).toEqual(['bob']);
});
